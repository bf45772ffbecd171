import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { shown, variantsOf } from './choices';
import { checkCodes } from './check-codes';
import { SourceText } from './source-text';

const PROJECT = join(__dirname, '..', '..');

/** One place in the sources that raises an error, or makes a finding, with its texts. */
export interface RaisedError {
  readonly code: string;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  /** Each text that `next` can be, where it depends on the case. */
  readonly nexts: readonly string[];
  /** block, warn or info for findings that do not stop anything at once. */
  readonly severity: string | null;
  /** Path from the project's root. */
  readonly file: string;
}

const PARTS = ['seen', 'why', 'next'] as const;
type Parts = Partial<Record<(typeof PARTS)[number], string>>;

/** What a user may see the texts of. */
export const PRODUCT = ['errors', 'environments', 'main.ts', 'cost', 'sql-runner', 'pull-requests', 'lab'];

/** Every object literal of a file, or below a folder, that carries an error code, read from the syntax tree. */
export function errorsBelow(folder: string): RaisedError[] {
  if (folder.endsWith('.ts')) return errorsIn(join(PROJECT, folder));
  const files = readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => errorsIn(join(PROJECT, folder, file)));
}

function errorsIn(file: string): RaisedError[] {
  const source = readFileSync(file, 'utf8');
  // An error says all its parts in one file: most files are not worth reading as a tree.
  if (!PARTS.every((part) => source.includes(part))) return [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const text = new SourceText(tree);
  const checksOf = checkCodes(tree);
  const raised: { code: string; parts: Parts; severity: string | null }[] = [];
  let common: Parts = {};
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const properties = text.properties(node);
      const parts = partsOf(properties, text, node);
      // `{ code, seen, … }` gives every code of its file what that code does not say itself.
      if (properties.get('code')?.kind === ts.SyntaxKind.Identifier) common = { ...common, ...parts };
      const severity = properties.get('severity');
      const isWhole = PARTS.every((part) => parts[part] !== undefined);
      const named = properties.has('code') ? codesOf(properties.get('code')) : isWhole ? checksOf(node) : [];
      for (const code of named) raised.push({ code, parts, severity: severity ? shown(text.render(severity)) : null });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return raised
    .filter(({ parts }) => PARTS.some((part) => parts[part] !== undefined))
    .map(({ code, parts, severity }) => {
      const { seen = '', why = '', next = '' } = { ...common, ...parts };
      const texts = { seen: shown(seen), why: shown(why), next: shown(next), nexts: variantsOf(next) };
      return { ...texts, code, severity, file: relative(PROJECT, file) };
    })
    .filter((error) => PARTS.every((part) => error[part] !== ''));
}

/** `'A'`, or both of `x ? 'A' : 'B'`. */
function codesOf(node: ts.Expression | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isConditionalExpression(node)) return [...codesOf(node.whenTrue), ...codesOf(node.whenFalse)];
  return ts.isStringLiteral(node) && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(node.text) ? [node.text] : [];
}

function partsOf(
  properties: ReadonlyMap<string, ts.Expression>,
  text: SourceText,
  node: ts.ObjectLiteralExpression,
): Parts {
  const parts: Parts = {};
  for (const part of PARTS) {
    const value = properties.get(part);
    if (value !== undefined) parts[part] = text.render(value);
  }
  // A Zod issue carries what was seen as its message, beside `params`.
  const holder = (ts.isSatisfiesExpression(node.parent) ? node.parent : node).parent.parent;
  if (parts.seen === undefined && holder && ts.isObjectLiteralExpression(holder)) {
    const message = text.properties(holder).get('message');
    if (message !== undefined) parts.seen = text.render(message);
  }
  return parts;
}
