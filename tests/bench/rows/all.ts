import type { Row } from '../row.js';
import { compileRows } from './compile.js';
import { coreRows } from './core.js';
import { emulatorRows } from './emulator.js';
import { kernelRows } from './kernels.js';
import { linkRows } from './link.js';
import { machineRows } from './machines.js';
import { memoryRows } from './memory.js';
import { startRows } from './start.js';
import { tensorRows } from './tensors.js';
import { threadRows } from './threads.js';

/** The rows in the order in which they run. */
export const benchRows = (): readonly Row[] => [
  ...kernelRows(),
  ...tensorRows(),
  ...machineRows(),
  ...emulatorRows(),
  ...coreRows(),
  ...linkRows(),
  ...threadRows(),
  ...compileRows(),
  ...memoryRows(),
  ...startRows(),
];
