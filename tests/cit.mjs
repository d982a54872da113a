// Installs, checks, and runs the quick and the CI tests. Plain JavaScript: nothing is installed when it begins.
// The last line of standard output is `N passed, N failed`; each check counts as one test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages of the distribution that tests need, as apt names them. */
const DISTRIBUTION_PACKAGES = ['verilator', 'g++', 'make'];

const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', NO_COLOR: '1' };

/** Runs a command with its output on standard error, so that standard output ends with the sum. */
function succeeds(command, words) {
  console.error(`\n$ ${[command, ...words].join(' ')}`);
  const { status, error } = spawnSync(command, words, {
    cwd: root,
    env: environment,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  return status === 0;
}

function installDistributionPackages() {
  if (DISTRIBUTION_PACKAGES.length === 0) return true;
  const root = process.getuid?.() === 0;
  const prefix = root ? [] : ['sudo', '-n'];
  const apt = (...words) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...words];
    return succeeds(command, rest);
  };
  return apt('update', '-q') && apt('install', '-qy', ...DISTRIBUTION_PACKAGES);
}

/** Counts of one vitest project; a runner that crashed, or found no test, is one failure more. */
function runProject(project, folder) {
  const file = join(folder, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`];
  const clean = succeeds('npx', ['vitest', 'run', '--project', project, ...reporters]);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'));
    const crashed = numPassedTests + numFailedTests === 0 || (!clean && numFailedTests === 0);
    return { passed: numPassedTests, failed: numFailedTests + (crashed ? 1 : 0) };
  } catch (error) {
    console.error(`the ${project} tests left no result: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

const one = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1 });

function runAll(folder) {
  const results = [
    one(installDistributionPackages()),
    one(succeeds('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])),
    one(succeeds('npm', ['run', '--silent', 'build'])),
  ];
  for (const check of ['types', 'style', 'imports', 'unused']) {
    results.push(one(succeeds('npm', ['run', '--silent', `check:${check}`])));
  }
  results.push(runProject('quick', folder), runProject('ci', folder));
  return results;
}

const folder = mkdtempSync(join(tmpdir(), 'plastron-cit-'));
try {
  const results = runAll(folder);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
