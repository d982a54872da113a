import { localsOf, MOST_PAGES, type WasmFunction, type WasmModule } from './module.js';
import type { FunctionReference, Local, Node, Statement } from './node.js';
import { OPCODES } from './opcodes.js';

/** A module in the folded text format, for reading: what `assemble` makes, instruction by instruction. */
export function printModule(module: WasmModule): string {
  const lines = [
    '(module',
    ...module.imports.map((f) => `  (import "env" "${f.name}" (func $${f.name}${signature(f)}))`),
    `  (import "env" "memory" (memory ${module.pages}${module.shared ? ` ${MOST_PAGES} shared` : ''}))`,
    ...module.functions.flatMap(printFunction),
    ')',
  ];
  return `${lines.join('\n')}\n`;
}

function printFunction(f: WasmFunction): string[] {
  const names = new Map(localsOf(f).map((local, i) => [local, `$${local.name}.${i}`]));
  const locals = localsOf(f).slice(f.parameterLocals.length);
  const printer = new Printer((local) => names.get(local)!);
  const parameters = f.parameterLocals.map((l) => ` (param ${names.get(l)} ${l.type})`).join('');
  const result = f.result === undefined ? '' : ` (result ${f.result})`;
  return [
    `  (func $${f.name} (export "${f.name}")${parameters}${result}`,
    ...locals.map((l) => `    (local ${names.get(l)} ${l.type})`),
    ...f.body.flatMap((s) => printer.statement(s, '    ')),
    ...(f.returns ? [`    ${printer.node(f.returns)}`] : []),
    '  )',
  ];
}

const signature = ({ parameters, result }: FunctionReference): string =>
  [
    ...(parameters.length > 0 ? [` (param ${parameters.join(' ')})`] : []),
    ...(result === undefined ? [] : [` (result ${result})`]),
  ].join('');

class Printer {
  constructor(private readonly nameOf: (local: Local) => string) {}

  statement(s: Statement, indent: string): string[] {
    switch (s.kind) {
      case 'set':
        return [`${indent}(local.set ${this.nameOf(s.local)} ${this.node(s.value)})`];
      case 'store': {
        const lane = OPCODES[s.name].immediate === 'memory-lane' ? ' 0' : '';
        const offset = `${s.offset === 0 ? '' : ` offset=${s.offset}`}${lane}`;
        return [`${indent}(${s.name}${offset} ${this.node(s.address)} ${this.node(s.value)})`];
      }
      case 'if':
        return [
          `${indent}(if ${this.node(s.condition)} (then`,
          ...s.body.flatMap((inner) => this.statement(inner, `${indent}  `)),
          `${indent}))`,
        ];
      case 'repeat':
        return [
          `${indent}(loop`,
          ...s.body.flatMap((inner) => this.statement(inner, `${indent}  `)),
          `${indent}  (br_if 0 ${this.node(s.condition)}))`,
        ];
      case 'call':
        return [`${indent}${this.called(s.callee, s.operands)}`];
    }
  }

  node(node: Node): string {
    switch (node.kind) {
      case 'constant':
        return `(${node.type}.const ${node.value})`;
      case 'lanes': {
        const bytes = node.bytes.map((b) => b.toString(16).padStart(2, '0'));
        return `(v128.const i8x16 ${bytes.map((b) => `0x${b}`).join(' ')})`;
      }
      case 'get':
        return `(local.get ${this.nameOf(node.local)})`;
      case 'call':
        return this.called(node.callee, node.operands);
      case 'operation': {
        const { immediate } = OPCODES[node.name];
        const [first = 0] = node.immediates;
        const immediates =
          immediate === 'memory'
            ? first === 0
              ? []
              : [`offset=${first}`]
            : node.immediates.map((i) => `${i}`);
        const operands = node.operands.map((o) => this.node(o));
        return `(${[node.name, ...immediates, ...operands].join(' ')})`;
      }
    }
  }

  private called(callee: FunctionReference, operands: readonly Node[]): string {
    return `(${[`call $${callee.name}`, ...operands.map((o) => this.node(o))].join(' ')})`;
  }
}
