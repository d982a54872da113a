import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';
import { draw } from '../../compiler/levels/numbers/draw.js';
import { exportOnnx } from '../../src/formats/onnx/export.js';
import { parseNetwork } from '../../src/network/parse-text.js';
import { plastron } from './fake-host.js';

const SEED = 20;
const MUTATIONS = 300;
/** Seconds of one command, on a machine that does other things too. */
const MOST_SECONDS = 20;
/** Kilobytes that this process may have held at its largest. */
const MOST_MEMORY = 1_500_000;

const NETWORK = `network net

neuron cell(per neuron tau, scalar threshold = 0.5)
  v <- v + (I - v) / tau
  spike <- sign(v) if |v| > threshold
  v <- 0 on spike
  trace <- trace / 2 + tanh(v) * 0.25 as s16.8 floor wrap

rule own(per synapse lr, A, C)
  e <- e / 2 + x * y
  dw = lr * (A * e * (y - C) + A * w)
  normalize clip -1 1, decay 0.25

population observation[6]

population hidden[4] cell
  parameter tau = [2, 3, 2, 3]

population action[2] readout

projection observation->hidden: observation -> hidden
  initial = 0.5
  delay = 1

projection hidden->action: hidden -> action
  rule = own
  every = 2
  initial = 0.25
  parameter A = [0.5, -0.5, 0.25, 1, 0.5, -0.5, 0.25, 1]
  parameter C = 0.25
  parameter lr = 0.5

input observation
  deviation = 2
  clip = 4

output action
`;

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plastron-mutations-'));
  writeFileSync(at('m.onnx'), exportOnnx(parseNetwork(NETWORK, 'net.txt')));
  expect(await run('compile m.onnx --target loihi2 -o p.plastron')).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command on files of the folder; it must end in time with an honest exit code, and without a stack. */
async function run(line: string): Promise<number> {
  const words = line.split(' ').map((word) => (/\.\w+$/.test(word) ? at(word) : word));
  const started = performance.now();
  const { exit, stderr } = await plastron([...words, '--quiet']);
  const seconds = (performance.now() - started) / 1000;
  if (![0, 1, 3].includes(exit)) throw new Error(`${line} ends with ${exit}: ${stderr}`);
  if (/^\s+at /m.test(stderr)) throw new Error(`${line} shows a stack: ${stderr}`);
  if (seconds > MOST_SECONDS) throw new Error(`${line} took ${seconds} s`);
  return exit;
}

/** Whole numbers below a limit, drawn in order: the same mutation for the same number. */
class Dice {
  private rolls = 0;
  constructor(private readonly mutation: number) {}
  below(limit: number): number {
    return draw(SEED, this.mutation, this.rolls++, 0, 0, 0) % limit;
  }
}

/** One to four changes: bits, bytes, pieces taken out, doubled or moved, numbers of a protobuf made large. */
function mutated(original: Uint8Array, mutation: number): Uint8Array {
  const dice = new Dice(mutation);
  let bytes = Buffer.from(original);
  for (let change = dice.below(4); change >= 0; change--) {
    const place = dice.below(bytes.length);
    const length = 1 + dice.below(20);
    const piece = bytes.subarray(place, place + length);
    const rest = bytes.subarray(place + length);
    switch (dice.below(6)) {
      case 0:
        bytes[place]! ^= 1 << dice.below(8);
        break;
      case 1:
        bytes[place] = dice.below(256);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, place), rest]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, place), piece, piece, rest]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, place), Uint8Array.of(255, 255, 255, 127), rest]);
        break;
      default:
        bytes = bytes.subarray(0, Math.max(1, place));
    }
  }
  return bytes;
}

const LARGE = ['0', '-1', '1e9', '4294967295', '1e-300', '1e300', '-0.5', '65535', '1048576', '3'];

/** A network's text with one to three numbers, words or lines changed. */
function mutatedText(mutation: number): string {
  const dice = new Dice(mutation);
  let lines = NETWORK.split('\n');
  for (let change = dice.below(3); change >= 0; change--) {
    const line = dice.below(lines.length);
    const words = lines[line]!.split(/(?<=\W)|(?=\W)/);
    const word = dice.below(Math.max(1, words.length));
    const other = lines[dice.below(lines.length)]!;
    switch (dice.below(4)) {
      case 0:
        lines = lines.toSpliced(line, 1);
        break;
      case 1:
        lines = lines.toSpliced(line, 0, other);
        break;
      case 2:
        words[word] = other.split(/\W+/)[dice.below(3)] ?? '';
        lines[line] = words.join('');
        break;
      default:
        lines[line] = lines[line]!.replace(/\d+(\.\d+)?/, LARGE[dice.below(LARGE.length)]!);
    }
  }
  return lines.join('\n');
}

describe(`files that were changed at random (seed ${SEED})`, () => {
  it('a model: compile and verify end with a diagnostic', async () => {
    const model = readFileSync(at('m.onnx'));
    for (let i = 0; i < MUTATIONS; i++) {
      writeFileSync(at('x.onnx'), mutated(model, i));
      await run('compile x.onnx --target loihi2 -o x.plastron');
      await run('verify x.onnx p.plastron --task point-mass --steps 5 --seeds 2 --against fixed');
    }
  });

  it('a Program: emulate and verify end with a diagnostic', async () => {
    const program = readFileSync(at('p.plastron'));
    const exits: number[] = [];
    for (let i = 0; i < MUTATIONS; i++) {
      writeFileSync(at('x.plastron'), mutated(program, MUTATIONS + i));
      exits.push(await run('emulate x.plastron --task point-mass --steps 5'));
      await run('verify m.onnx x.plastron --task point-mass --steps 5 --seeds 2');
    }
    expect(new Set(exits)).toEqual(new Set([0, 1]));
  });

  it('the text of a network: what can be read is compiled exactly, or refused', async () => {
    let compiled = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const text = mutatedText(2 * MUTATIONS + i);
      const bytes = modelOf(text);
      if (!bytes) continue;
      writeFileSync(at('x.onnx'), bytes);
      for (const target of ['loihi1', 'loihi2']) {
        const exit = await run(`compile x.onnx --target ${target} -o x.plastron`);
        if (exit !== 0) continue;
        const verify = 'verify x.onnx x.plastron --task point-mass --steps 20 --seeds 2';
        expect([text, await run(verify)]).not.toEqual([text, 3]);
        compiled++;
      }
    }
    expect(compiled).toBeGreaterThan(10);
  });

  it('asked for no gigabytes', () => {
    expect(process.resourceUsage().maxRSS).toBeLessThan(MOST_MEMORY);
  });
});

function modelOf(text: string): Uint8Array | undefined {
  try {
    return exportOnnx(parseNetwork(text, 'net.txt'));
  } catch (error) {
    if (error instanceof DiagnosticsError) return undefined;
    throw new Error(`${error instanceof Error ? error.stack : error}\n${text}`);
  }
}
