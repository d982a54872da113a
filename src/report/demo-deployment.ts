import { join } from 'node:path';
import { decodeProgram } from '../../compiler/levels/program/decode.js';
import { taskDrive } from '../../runtime/verify/drive.js';
import { connect } from '../../targets/fpga/link/connect.js';
import { type Deployment, deploy } from '../../targets/fpga/link/deploy.js';
import { openPort } from '../../targets/fpga/link/ports.js';
import { CoreMachine } from '../../targets/fpga/machine/machine.js';
import type { Task } from '../tasks/task.js';

/** A Program on the virtual board, and a task that it acted in there. */
export interface DemoDeployment extends Deployment {
  readonly board: string;
  /** Bytes that were sent to deploy it. */
  readonly bytes: number;
  /** Score of the first test episode. */
  readonly score: number;
  readonly stepsRun: number;
  /** The median time of a step, there and back. */
  readonly p50Microseconds: number;
}

/** What is deployed, and where. */
export interface DemoProgram {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly task: Task;
  readonly seed: number;
  /** Where the virtual board is kept. */
  readonly folder: string;
  /** Seconds since any moment. */
  readonly clock: () => number;
}

/** Deploys a Program to a virtual board, as to a real one, and has it act in an episode over the line. */
export async function deployed(made: DemoProgram): Promise<DemoDeployment> {
  const { file, task, seed, clock } = made;
  const program = decodeProgram(made.bytes, file);
  const environment = { PLASTRON_VIRTUAL_BOARD: join(made.folder, 'virtual-board.json') };
  const port = await openPort('virtual', program, file, { isLoaded: true, environment });
  try {
    const connected = connect(port.link, program, file);
    const deployment = deploy(connected, program);
    const bytes = port.link.sent;
    const machine = new CoreMachine('board', program, connected.core, 1, 'the Program');
    const run = taskDrive(task, { seed }).start(machine, 0);
    const times: number[] = [];
    while (!run.done) {
      const before = clock();
      run.step();
      times.push(clock() - before);
    }
    times.sort((a, b) => a - b);
    const p50Microseconds = 1e6 * times[times.length >> 1]!;
    const { board } = connected;
    return {
      ...deployment,
      board,
      bytes,
      score: run.score,
      stepsRun: times.length,
      p50Microseconds,
    };
  } finally {
    await port.close();
  }
}

/** What a deployment came to, in lines for people. */
export function printDeployment(d: DemoDeployment): string[] {
  return [
    `a virtual ${d.board}: ${d.bytes.toLocaleString('en')} bytes sent, every hash read back, ${d.steps} steps as the emulator;`,
    `  an episode over its serial line scores ${d.score.toFixed(1)}, a step takes ${d.p50Microseconds.toFixed(0)} µs (median)`,
    '',
  ];
}
