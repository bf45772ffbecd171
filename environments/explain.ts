import { z } from 'zod';
import { knownKeys } from './known-keys';
import { nearest } from './nearest';
import type { DocumentPath, Problem } from './problem';

const SCHEMA_NEXT = 'See environments/example.yaml, which explains every setting.';

type Issue = z.core.$ZodIssue;

/** A Zod issue as the problems that a person reads; `document` is the parsed file. */
export function explainIssue(issue: Issue, document: unknown): Problem[] {
  const value = valueAt(document, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(issue.path, key, document));
    case 'custom':
      return [custom(issue)];
    case 'invalid_union':
      return explainUnion(issue, document);
    case 'invalid_type':
      return [value === undefined ? missing(issue.path) : wrongType(issue.path, issue.expected, value)];
    default:
      return [badValue(issue.path, `${pathText(issue.path)} is ${JSON.stringify(value)}: ${lowerFirst(issue.message)}.`)];
  }
}

function custom(issue: z.core.$ZodIssueCustom): Problem {
  const params = z.object({ code: z.string(), why: z.string(), next: z.string() }).parse(issue.params);
  return { ...params, seen: issue.message, path: issue.path };
}

function unknownKey(path: DocumentPath, key: string, document: unknown): Problem {
  const known = knownKeys(path, document);
  const meant = nearest(key, known);
  return {
    code: 'UNKNOWN_KEY',
    seen: `${path.length === 0 ? 'An environment' : pathText(path)} has no setting "${key}".`,
    why: 'A setting that is silently ignored is worse than none.',
    next: meant === undefined ? `Remove it. Known here: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
    path: [...path, key],
    atKey: true,
  };
}

function missing(path: DocumentPath): Problem {
  const seen = `${pathText(path)} is missing.`;
  // Points at what should contain it: the setting itself is nowhere in the file.
  return { code: 'MISSING_SETTING', seen, why: 'It has no default.', next: `Add it. ${SCHEMA_NEXT}`, path, atKey: true };
}

function wrongType(path: DocumentPath, expected: string, value: unknown): Problem {
  const wanted: Record<string, string> = { object: 'a mapping', record: 'a mapping', array: 'a list', string: 'a text', int: 'a whole number', number: 'a number' };
  const quote = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return {
    code: 'WRONG_TYPE',
    seen: `${pathText(path)} is ${kindOf(value)}, but ${wanted[expected] ?? expected} belongs there.`,
    why: quote ? 'YAML reads digits without quotes as a number and drops leading zeros.' : 'The setting cannot be understood.',
    next: quote ? 'Put the value into quotes.' : SCHEMA_NEXT,
    path,
  };
}

/** Of a union, the branch that fits the value's kind tells best what is wrong: `tables` as a list is judged as a list. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, document: unknown): Problem[] {
  const value = valueAt(document, issue.path);
  if (value === undefined) return [missing(issue.path)];
  const fitting = issue.errors.find((branch) => branch.length > 0 && branch.every((inner) => inner.path.length > 0 || inner.code === 'custom'));
  if (fitting !== undefined) {
    return fitting.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, document));
  }
  const options = issue.errors.flatMap((branch) => branch.map((inner) => ('values' in inner ? inner.values.join(', ') : lowerFirst(inner.message))));
  const seen = `${pathText(issue.path)} is ${JSON.stringify(value)}, which is not among its options${options.length > 0 ? ` (${options.join('; ')})` : ''}.`;
  return [badValue(issue.path, seen)];
}

function badValue(path: DocumentPath, seen: string): Problem {
  return { code: 'BAD_VALUE', seen, why: 'The setting cannot be understood.', next: SCHEMA_NEXT, path };
}

/** `databases[0].tables` for the path of a setting. */
export function pathText(path: DocumentPath): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '') || 'The file';
}

function valueAt(document: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], document);
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${JSON.stringify(value)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
