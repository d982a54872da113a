import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { encodeProgram } from '../../compiler/levels/program/encode.js';
import { exportOnnx, NETWORK_KEY } from '../../src/formats/onnx/export.js';
import { onnx } from '../../src/formats/onnx/graph.js';
import { parseNetwork } from '../../src/network/parse-text.js';
import { plastron } from '../cli/fake-host.js';

/**
 * A golden case. Above the line `----` stands what is done, one thing a line, with indented lines for what it takes:
 * `#` a remark, `> plastron …` a command that only prepares, `$ plastron …` one whose output is kept below (`& plastron …`:
 * only what goes to standard error), and a `MAKERS` word with a file. Below stands the exact output of each kept command,
 * and how it ended.
 */
export interface GoldenCase {
  readonly actions: readonly Action[];
  readonly expected: string;
}

interface Action {
  readonly word: string;
  readonly argument: string;
  readonly lines: readonly string[];
}

const LINE = '----\n';

export function parseCase(text: string): GoldenCase {
  const end = text.indexOf(`\n${LINE}`);
  const head = end < 0 ? text : text.slice(0, end);
  const actions: { word: string; argument: string; lines: string[] }[] = [];
  for (const line of head.split('\n')) {
    const [, word, argument = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    if (word !== undefined) actions.push({ word, argument, lines: [] });
    else actions.at(-1)?.lines.push(line.replace(/^ {2}/, ''));
  }
  const expected = end < 0 ? '' : text.slice(end + 1 + LINE.length);
  return { actions: actions.filter((a) => a.word !== '#'), expected };
}

/** The text of a case with other output. */
export function withOutput(text: string, output: string): string {
  const end = text.indexOf(`\n${LINE}`);
  return `${end < 0 ? text.trimEnd() : text.slice(0, end)}\n${LINE}${output}`;
}

/** What a case printed, and what it left in its folder. */
export interface CaseRun {
  readonly output: string;
  readonly exits: readonly number[];
  readonly files: readonly string[];
}

/** Words before a command line. */
const COMMANDS = ['$', '&', '>'];

/** Does what a case says, in a folder of its own. */
export async function runCase({ actions }: GoldenCase): Promise<CaseRun> {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'plastron-golden-'));
  process.chdir(folder);
  // Each case has a virtual board of its own.
  process.env['PLASTRON_VIRTUAL_BOARD'] = 'virtual-board.json';
  try {
    const parts: string[] = [];
    const exits: number[] = [];
    for (const { word, argument, lines } of actions) {
      if (!COMMANDS.includes(word)) {
        makerOf(word)(argument, lines);
        continue;
      }
      const [, ...words] = argument.split(' ').map((word) => (word === '""' ? '' : word));
      const { exit, stdout, stderr } = await plastron(words);
      if (word === '>' && exit !== 0) throw new Error(`${argument} ends with ${exit}:\n${stderr}`);
      if (word === '>') continue;
      exits.push(exit);
      const sections = [word === '$' ? section('stdout', stdout) : '', section('stderr', stderr)];
      parts.push(`${word} ${argument}\n${sections.join('')}[exit ${exit}]\n`);
    }
    const files = readdirSync('.', { recursive: true }).map(String);
    return { output: parts.join('\n'), exits, files };
  } finally {
    delete process.env['PLASTRON_VIRTUAL_BOARD'];
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hashes change with every byte of a file: they are no part of what a message says. */
function section(name: string, text: string): string {
  if (text === '') return '';
  const shown = text.replace(/\b[0-9a-f]{64}\b/g, '<sha256>');
  return `[${name}]\n${shown}${shown.endsWith('\n') ? '' : '⏎\n'}`;
}

type Maker = (argument: string, lines: readonly string[]) => void;

function makerOf(word: string): Maker {
  const maker = MAKERS[word];
  if (!maker) throw new Error(`a golden case cannot ${word}`);
  return maker;
}

const textOf = (lines: readonly string[], end = '\n'): string =>
  lines.map((line) => `${line}${end}`).join('');

/** What makes or changes a file. */
const MAKERS: Readonly<Record<string, Maker>> = {
  folder: (name) => mkdirSync(name),
  text: (file, lines) => writeFileSync(file, textOf(lines)),
  remove: (file) => rmSync(file),
  /** Lines that end as on Windows. */
  crlf: (file, lines) => writeFileSync(file, textOf(lines, '\r\n')),
  /** A text with a byte order mark. */
  bom: (file, lines) => writeFileSync(file, `\uFEFF${textOf(lines)}`),
  hex: (file, lines) => writeFileSync(file, Buffer.from(lines.join('').replaceAll(' ', ''), 'hex')),
  /** `random FILE COUNT`: bytes that look like nothing. */
  random: (argument) => {
    const [file = '', count] = argument.split(' ');
    const bytes = Array.from({ length: Number(count) }, (_, i) => draw(7, i, 0, 0, 0, 0) & 255);
    writeFileSync(file, Uint8Array.from(bytes));
  },
  /** The ONNX model of a network's text. */
  model: (file, lines) => writeFileSync(file, exportOnnx(parseNetwork(textOf(lines), file))),
  /** Another network's text in the metadata of a model, whose graph stays. */
  metadata: (file, lines) => {
    const model = onnx.ModelProto.decode(readFileSync(file));
    for (const entry of model.metadataProps) {
      if (entry.key === NETWORK_KEY) entry.value = textOf(lines);
    }
    writeFileSync(file, onnx.ModelProto.encode(model).finish());
  },
  /** A model as another tool would write it: without metadata. */
  foreign: (file) => {
    const model = onnx.ModelProto.decode(readFileSync(file));
    model.metadataProps = [];
    writeFileSync(file, onnx.ModelProto.encode(model).finish());
  },
  /** `cut FILE COUNT`: its first bytes only. */
  cut: (argument) => {
    const [file = '', count] = argument.split(' ');
    writeFileSync(file, readFileSync(file).subarray(0, Number(count)));
  },
  /** The first line with its first occurrence in the file, the second line in its place; bytes elsewhere stay. */
  replace: (file, [from = '', to = '']) => {
    const text = readFileSync(file, 'latin1');
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(
      file,
      text.replace(from, () => to),
      'latin1',
    );
  },
  /** `PATH = NUMBER` in a Program: cores.0.neuronCode.0 = 5. */
  alter: (file, lines) => {
    const program: unknown = structuredClone(decodeProgram(readFileSync(file), file));
    for (const line of lines) {
      const [path = '', value = ''] = line.split(' = ');
      const keys = path.split('.');
      const last = keys.pop()!;
      const owner = keys.reduce((o, k) => (o as Record<string, unknown>)[k], program);
      (owner as Record<string, unknown>)[last] = JSON.parse(value);
    }
    writeFileSync(file, encodeProgram(program as ReturnType<typeof decodeProgram>));
  },
};
