import {
  type MicroKernel,
  type MicroOperation,
  type MicroProgram,
  operandsOf,
  renumbered,
} from '../levels/micro/micro.js';
import type { Pass } from '../pass.js';

export const schedule: Pass<MicroProgram, MicroProgram> = {
  name: 'schedule',
  about: `Orders the operations of each kernel and assigns registers.
What: operations that no store needs are dropped; each remaining one moves to just before its first use, so that
values live briefly; registers are then given by a linear scan, the lowest free one first.
Why: a chip has few registers, and straight-line code with short lives needs few.
Before: numbered values. After: the same operations, in order, each with a register.`,
  needs: ['micro'],
  keeps: ['fixed', 'micro'],
  gives: [],
  run: (level) => ({ ...level, kernels: level.kernels.map((kernel) => assign(reorder(kernel))) }),
};

/** Depth-first from each store: an operation stands right before the first that needs it. Stores keep their order; a load never moves past a store of its field. */
function reorder(kernel: MicroKernel): MicroKernel {
  const { operations } = kernel;
  const placed = new Map<number, number>();
  const result: MicroOperation[] = [];
  const place = (index: number): number => {
    const known = placed.get(index);
    if (known !== undefined) return known;
    const operation = operations[index]!;
    const renamed = new Map(operandsOf(operation).map((o) => [o, place(o)]));
    result.push(renumbered(operation, (old) => renamed.get(old)!));
    placed.set(index, result.length - 1);
    return result.length - 1;
  };
  const loads = new Map<string, number>();
  for (const [index, operation] of operations.entries()) {
    if (operation.kind === 'load') loads.set(operation.field, index);
    if (operation.kind !== 'store') continue;
    // A load of this field that a later operation still needs must read the old value: place it first.
    const load = loads.get(operation.field);
    if (load !== undefined && neededAfter(operations, load, index)) place(load);
    place(index);
  }
  return { ...kernel, operations: result };
}

function neededAfter(operations: readonly MicroOperation[], value: number, index: number): boolean {
  const needs = new Set([value]);
  for (let i = value + 1; i < operations.length; i++) {
    const operation = operations[i]!;
    if (operandsOf(operation).some((o) => needs.has(o))) {
      if (operation.kind !== 'store') needs.add(i);
      if (i > index) return true;
    }
  }
  return false;
}

/** The lowest free register at each definition; free again after the last use. */
function assign(kernel: MicroKernel): MicroKernel {
  const { operations } = kernel;
  const lastUse = new Map<number, number>();
  for (const [index, operation] of operations.entries()) {
    for (const operand of operandsOf(operation)) lastUse.set(operand, index);
  }
  const registers: number[] = [];
  const busyUntil: number[] = [];
  for (const [index, operation] of operations.entries()) {
    if (operation.kind === 'store') {
      registers.push(-1);
      continue;
    }
    let register = busyUntil.findIndex((until) => until <= index);
    if (register < 0) register = busyUntil.push(0) - 1;
    busyUntil[register] = lastUse.get(index) ?? index;
    registers.push(register);
  }
  return { ...kernel, registers };
}
