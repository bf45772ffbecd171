import { readFileSync } from 'node:fs';
import { isAlias, isPair, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import { problemsError, type LocatedProblem } from '../errors/problem';
import { isMergeKey } from './locate';
import { unreadable } from './unreadable';

export interface EnvironmentDocument {
  readonly document: Document;
  readonly lines: LineCounter;
  /** The content, its shared parts put where they are referred to, and themselves left out. */
  readonly content: unknown;
}

/** Top-level keys that are no settings: a place for what several settings share by anchor and alias. */
const SHARED = /^x-/;

/** Reads a file as YAML, with anchors, aliases and merge keys. Throws one OperatorError that lists every problem. */
export function readDocument(file: string): EnvironmentDocument {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false, merge: true });
  if (document.errors.length > 0) throw problemsError(file, syntaxProblems(document, lines));
  return { document, lines, content: withoutShared(contentOf(file, document, lines)) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function withoutShared(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => !SHARED.test(key)));
}

/** Aliases and merge keys are resolved only here, so what is wrong with them shows only here. */
function contentOf(file: string, document: Document, lines: LineCounter): unknown {
  const unknown = unknownAlias(document);
  if (unknown !== undefined) throw problemsError(file, [{ ...unknown, ...placeOf(unknown.node, lines) }]);
  try {
    return document.toJS();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw problemsError(file, [
      { ...SYNTAX, seen: `${reason}.`, next: MERGE, ...placeOf(firstMerge(document), lines) },
    ]);
  }
}

const SYNTAX = { code: 'YAML_SYNTAX', why: 'The file cannot be read as YAML.', path: [] } as const;
const MERGE = 'Write << : *anchor, with the anchor of a mapping.';

function unknownAlias(document: Document): (typeof SYNTAX & { seen: string; next: string; node: Node }) | undefined {
  const anchors: string[] = [];
  let found: { source: string; node: Node } | undefined;
  visit(document, {
    Alias: (_, node) => {
      found ??= node.resolve(document) === undefined ? { source: node.source, node } : undefined;
    },
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor !== undefined) anchors.push(node.anchor);
    },
  });
  if (found === undefined) return undefined;
  const known = anchors.length === 0 ? 'The file has no anchor' : `Anchors of the file: ${anchors.join(', ')}`;
  const seen = `*${found.source} refers to an anchor that does not stand before it.`;
  return { ...SYNTAX, seen, next: `${known}; give one as &${found.source}, above this place.`, node: found.node };
}

function firstMerge(document: Document): Node | null {
  let found: Node | null = null;
  visit(document, {
    Pair: (_, pair) => {
      if (found === null && isPair(pair) && isMergeKey(pair.key)) found = pair.key as Node;
    },
  });
  return found;
}

function placeOf(node: Node | null, lines: LineCounter): { line: number; column: number } {
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line, column: col };
}

function syntaxProblems(document: Document.Parsed, lines: LineCounter): LocatedProblem[] {
  // One broken bracket breaks what follows; a key that stands twice does not.
  const first = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const told = document.errors.filter((error) => error.code === 'DUPLICATE_KEY' || error === first);
  return told.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const duplicate = error.code === 'DUPLICATE_KEY';
    return {
      code: duplicate ? 'DUPLICATE_KEY' : 'YAML_SYNTAX',
      seen: duplicate ? 'The same key stands twice in one mapping.' : (error.message.split('\n')[0] ?? error.code),
      why: duplicate ? 'Only one of the values can be meant.' : 'The file cannot be read as YAML.',
      next: duplicate
        ? 'Remove one of the two.'
        : 'Correct the file at this place; indentation and colons are the usual suspects.',
      path: [],
      line,
      column: col,
    };
  });
}
