import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';
import type { DocumentPath, LocatedProblem, Problem } from '../errors/problem';

/** Finds where in the file a problem is. Where the path leads nowhere, the nearest thing above it stands in. */
export function locate(document: Document, lines: LineCounter, problem: Problem): LocatedProblem {
  const offset = offsetOf(document, problem.path, problem.atKey ?? false);
  const { line, col } = lines.linePos(offset);
  return { ...problem, line, column: col };
}

/** `<<`, which yaml gives as a symbol where merge keys are read. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');
}

function offsetOf(document: Document, path: DocumentPath, atKey: boolean): number {
  let node: Node | null = document.contents;
  let offset = start(node) ?? 0;
  path.forEach((step, index) => {
    const [key, value] = child(resolved(document, node), step, document);
    const wantsKey = atKey && index === path.length - 1;
    // A missing value has no position of its own, and then the key that lacks it says more than its parent.
    offset = (wantsKey ? start(key) : start(resolved(document, value))) ?? start(key) ?? offset;
    node = value;
  });
  return offset;
}

/** What an alias stands for: a wrong value is to be corrected where it is written. */
function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

function child(node: Node | null, step: PropertyKey, document: Document): [key: Node | null, value: Node | null] {
  if (isSeq(node)) return [null, (node.items[Number(step)] ?? null) as Node | null];
  if (!isMap(node)) return [null, null];
  const pair = node.items.find((item) => !isMergeKey(item.key) && textOf(item.key) === String(step));
  if (pair !== undefined) return [(pair.key ?? null) as Node | null, (pair.value ?? null) as Node | null];
  for (const { key, value } of node.items) {
    if (!isMergeKey(key)) continue;
    const merged = resolved(document, value as Node | null);
    for (const part of isSeq(merged) ? merged.items : [merged]) {
      const found = child(resolved(document, part as Node | null), step, document);
      if (found[0] !== null || found[1] !== null) return found;
    }
  }
  return [null, null];
}

const textOf = (key: unknown): string => String((key as Node | null)?.toJSON());

function start(node: Node | null): number | undefined {
  const [from, to] = node?.range ?? [];
  // `key:` with nothing after it has a value of no length.
  return from === to ? undefined : from;
}
