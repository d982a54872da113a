// What `npm start` runs, before anything is installed: plain JavaScript on Node alone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEAST_NODE = 20;
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/src/cli/main.js');

const [major] = process.versions.node.split('.');
if (Number(major) < LEAST_NODE) {
  stop(`plastron needs Node ${LEAST_NODE} or newer; this is Node ${process.versions.node}.`);
}
if (!installed()) {
  console.error('Installing what plastron needs (once) …');
  npm(['ci', '--no-fund', '--no-audit', '--loglevel=error'], 'could not be installed');
}
if (!built()) {
  console.error('Building …');
  npm(['run', '--silent', 'build'], 'could not be built');
}
const demo = spawnSync(process.execPath, [main, 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = demo.status ?? 130;

/** npm leaves a list of what it installed; one older than the lock file is of another version. */
function installed() {
  const listed = timeOf('node_modules/.package-lock.json');
  return listed !== undefined && listed >= (timeOf('package-lock.json') ?? 0);
}

function built() {
  const made = timeOf('dist/src/cli/main.js');
  if (made === undefined) return false;
  const settings = ['tsconfig.json', 'tsconfig.build.json'].map((file) => timeOf(file) ?? 0);
  const sources = ['src', 'compiler', 'runtime', 'targets'].map(newestIn);
  return made >= Math.max(...settings, ...sources);
}

/** The time of the newest TypeScript file below a folder. */
function newestIn(folder) {
  const files = readdirSync(join(root, folder), { recursive: true });
  const times = files.filter((f) => f.endsWith('.ts')).map((f) => timeOf(join(folder, f)) ?? 0);
  return Math.max(0, ...times);
}

function timeOf(file) {
  const path = join(root, file);
  return existsSync(path) ? statSync(path).mtimeMs : undefined;
}

function npm(words, failure) {
  const { npm_execpath: script } = process.env;
  const [command, first] = script ? [process.execPath, [script]] : ['npm', []];
  const result = spawnSync(command, [...first, ...words], {
    cwd: root,
    stdio: 'inherit',
    shell: !script && process.platform === 'win32',
    // Only tests use onnxruntime; its installer would fetch files that nobody needs here.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (result.status !== 0) stop(`plastron ${failure}: npm ${words[0]} failed, see above.`);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
