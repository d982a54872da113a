import { printNumber } from '../../../src/network/text-values.js';
import { isBare } from './tokens.js';

/** Columns that lines keep to where they can be broken. */
const WIDTH = 100;
/** Characters of a tree that is printed on one line. */
const TREE_WIDTH = 84;
/** Steps of two columns beyond which deeper lines are not moved in. */
const DEEPEST = 24;

/** What a line at a depth begins with. */
export const indent = (depth: number): string => '  '.repeat(Math.min(depth, DEEPEST));

/** A name, quoted where it would not be read as one word. */
export const printName = (name: string): string => (isBare(name) ? name : JSON.stringify(name));

/** `head [a, b, …]` at a depth, broken where it is too long. */
export function listLines(head: string, items: readonly string[], depth: number): string[] {
  const lines: string[] = [];
  let line = `${indent(depth)}${head}[`;
  let empty = true;
  for (const [index, item] of items.entries()) {
    const word = index + 1 < items.length ? `${item},` : `${item}]`;
    if (empty) line += word;
    else if (line.length + 1 + word.length <= WIDTH) line += ` ${word}`;
    else {
      lines.push(line);
      line = `${indent(depth + 1)}${word}`;
    }
    empty = false;
  }
  return [...lines, items.length > 0 ? line : `${line}]`];
}

/** `head 1`, or `head [1, 2]`. */
export function valueLines(
  head: string,
  value: number | ArrayLike<number>,
  depth: number,
): string[] {
  return typeof value === 'number'
    ? [`${indent(depth)}${head}${printNumber(value)}`]
    : listLines(head, Array.from(value, printNumber), depth);
}

/** A tree as text: on one line where it fits, else its head and its branches below; or a list of items. */
export type TextTree =
  | string
  | { readonly items: readonly string[] }
  | { readonly head: string; readonly branches: readonly TextTree[] };

/** `(head branches…)`. */
export function textTree(head: string, branches: readonly TextTree[]): TextTree {
  let length = head.length + 2;
  for (const branch of branches)
    length += typeof branch === 'string' ? 1 + branch.length : TREE_WIDTH;
  return length <= TREE_WIDTH ? `(${[head, ...branches].join(' ')})` : { head, branches };
}

/** The lines of `head tree` at a depth: one line where it fits. */
export function treeLines(head: string, tree: TextTree, depth: number): string[] {
  const first = `${indent(depth)}${head}`;
  if (typeof tree === 'string' && first.length + 1 + tree.length <= WIDTH) {
    return [`${first} ${tree}`];
  }
  const lines = [first];
  const unfold = (part: TextTree, at: number): void => {
    if (typeof part === 'string') lines.push(`${indent(at)}${part}`);
    else if ('items' in part) for (const line of listLines('', part.items, at)) lines.push(line);
    else {
      lines.push(`${indent(at)}(${part.head}`);
      for (const branch of part.branches) unfold(branch, at + 1);
      lines.push(`${lines.pop()})`);
    }
  };
  unfold(tree, depth + 1);
  return lines;
}

/** The text of a level: blocks with empty lines between them, and a last one that shows that nothing was cut off. */
export const printBlocks = (blocks: readonly (readonly string[])[]): string =>
  [...blocks.filter((lines) => lines.length > 0), ['end\n']]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
