import type { LevelCursor } from './cursor.js';
import type { Token } from './tokens.js';

/** Trees that nest deeper are refused: whoever walks them does so on a stack of limited depth. */
const DEEPEST = 4000;

/** How a tree of `(head branches…)` is read. */
export interface TreeGrammar<Head, Node> {
  /** What stands between the parenthesis and the branches. */
  head(outer: Head | undefined): Head;
  /** A branch without parentheses. */
  leaf(outer: Head | undefined): Node;
  /** A node whose branches are known; `at` is its parenthesis. */
  node(head: Head, branches: readonly Node[], at: Token): Node;
}

/** Reads one tree without recursion. */
export function readTree<Head, Node>(cursor: LevelCursor, grammar: TreeGrammar<Head, Node>): Node {
  const open: { readonly head: Head; readonly branches: Node[]; readonly at: Token }[] = [];
  for (;;) {
    let node: Node;
    const { token } = cursor;
    const inner = open.at(-1);
    if (cursor.take('(')) {
      if (open.length === DEEPEST) cursor.fault(`this nests more than ${DEEPEST} deep`, token);
      open.push({ head: grammar.head(inner?.head), branches: [], at: token });
      continue;
    }
    if (inner && cursor.take(')')) {
      open.pop();
      node = grammar.node(inner.head, inner.branches, inner.at);
    } else node = grammar.leaf(inner?.head);
    const outer = open.at(-1);
    if (!outer) return node;
    outer.branches.push(node);
  }
}
