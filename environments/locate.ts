import { isMap, isSeq, type Document, type LineCounter, type Node } from 'yaml';
import type { DocumentPath, LocatedProblem, Problem } from '../errors/problem';

/** Finds where in the file a problem is. Where the path leads nowhere, the nearest thing above it stands in. */
export function locate(document: Document, lines: LineCounter, problem: Problem): LocatedProblem {
  const offset = offsetOf(document, problem.path, problem.atKey ?? false);
  const { line, col } = lines.linePos(offset);
  return { ...problem, line, column: col };
}

function offsetOf(document: Document, path: DocumentPath, atKey: boolean): number {
  let node = document.contents;
  let offset = start(node) ?? 0;
  path.forEach((step, index) => {
    const [key, value] = child(node, step);
    const wantsKey = atKey && index === path.length - 1;
    // A missing value has no position of its own, and then the key that lacks it says more than its parent.
    offset = (wantsKey ? start(key) : start(value)) ?? start(key) ?? offset;
    node = value;
  });
  return offset;
}

function child(node: Node | null, step: PropertyKey): [key: Node | null, value: Node | null] {
  if (isSeq(node)) return [null, (node.items[Number(step)] ?? null) as Node | null];
  if (!isMap(node)) return [null, null];
  const pair = node.items.find((item) => String((item.key as Node | null)?.toJSON()) === String(step));
  return [(pair?.key ?? null) as Node | null, (pair?.value ?? null) as Node | null];
}

function start(node: Node | null): number | undefined {
  const [from, to] = node?.range ?? [];
  // `key:` with nothing after it has a value of no length.
  return from === to ? undefined : from;
}
