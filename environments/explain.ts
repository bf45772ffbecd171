import { z } from 'zod';
import { knownKeys } from './known-keys';
import { nearest } from './nearest';
import type { DocumentPath, Problem } from './problem';

const SCHEMA_NEXT = 'See environments/example.yaml, which explains every setting.';

const WANTED: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
};

type Issue = z.core.$ZodIssue;

/** All issues of a file as the problems that a person reads; `document` is the parsed file. */
export function explainIssues(issues: readonly Issue[], document: unknown): Problem[] {
  const problems = issues.flatMap((issue) => explainIssue(issue, document));
  const misspelt = new Set(problems.flatMap(({ meant }) => (meant === undefined ? [] : [pathText(meant)])));
  // One slip, one problem: the setting is there, under a wrong name.
  return problems.filter(({ code, path }) => code !== 'MISSING_SETTING' || !misspelt.has(pathText(path)));
}

function explainIssue(issue: Issue, document: unknown): Problem[] {
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
    case 'invalid_value':
      return [value === undefined ? missing(issue.path) : notAnOption(issue.path, issue.values.map(String), value)];
    case 'too_small':
      return [Array.isArray(value) ? tooFew(issue.path, Number(issue.minimum), value.length) : badValue(issue.path, value, issue.message)];
    default:
      return [badValue(issue.path, value, issue.message)];
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
    meant: meant === undefined ? undefined : [...path, meant],
  };
}

function missing(path: DocumentPath): Problem {
  const seen = `${pathText(path)} is missing.`;
  // Points at what should contain it: the setting itself is nowhere in the file.
  return { code: 'MISSING_SETTING', seen, why: 'It has no default.', next: `Add it. ${SCHEMA_NEXT}`, path, atKey: true };
}

function wrongType(path: DocumentPath, expected: string, value: unknown): Problem {
  const seen = `${pathText(path)} is ${kindOf(value)}, but ${WANTED[expected] ?? expected} belongs there.`;
  const why = 'The setting cannot be understood.';
  if (expected === 'string' && typeof value === 'number') {
    return { code: 'WRONG_TYPE', seen, why: 'YAML reads digits without quotes as a number and drops leading zeros.', next: 'Put the value into quotes.', path };
  }
  const quoted = typeof value === 'string' && expected !== 'array' && Number.isFinite(Number(value));
  return { code: 'WRONG_TYPE', seen, why, next: quoted ? 'Remove the quotes.' : SCHEMA_NEXT, path };
}

/** Of a union, the branch that fits the value's kind tells best what is wrong: `tables` as a list is judged as a list. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, document: unknown): Problem[] {
  const value = valueAt(document, issue.path);
  if (value === undefined) return [missing(issue.path)];
  const fitting = issue.errors.find((branch) => branch.length > 0 && branch.every((inner) => inner.path.length > 0 || inner.code === 'custom'));
  if (fitting !== undefined) {
    return fitting.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, document));
  }
  return [notAnOption(issue.path, optionsOf(issue), value)];
}

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return issue.errors.flat().flatMap((inner) => {
    if (inner.code === 'invalid_value') return inner.values.map(String);
    return inner.code === 'invalid_type' ? [WANTED[inner.expected] ?? inner.expected] : [];
  });
}

function notAnOption(path: DocumentPath, options: readonly string[], value: unknown): Problem {
  const meant = typeof value === 'string' ? nearest(value, options) : undefined;
  return {
    code: 'UNKNOWN_OPTION',
    seen: `${pathText(path)} is ${JSON.stringify(value)}; it takes ${options.join(' or ')}.`,
    why: 'The setting cannot be understood.',
    next: meant === undefined ? SCHEMA_NEXT : `Did you mean "${meant}"?`,
    path,
  };
}

function tooFew(path: DocumentPath, minimum: number, count: number): Problem {
  const seen = `${pathText(path)} has ${count} of at least ${minimum} entries.`;
  const subnets = path[path.length - 1] === 'subnetIds';
  return {
    code: 'TOO_FEW_ENTRIES',
    seen,
    why: subnets ? 'RDS wants subnets in at least two Availability Zones.' : 'Without them there is nothing to set up.',
    next: `Add what is missing. ${SCHEMA_NEXT}`,
    path,
  };
}

function badValue(path: DocumentPath, value: unknown, message: string): Problem {
  const seen = `${pathText(path)} is ${JSON.stringify(value)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
  return { code: 'BAD_VALUE', seen, why: 'The setting cannot be understood.', next: SCHEMA_NEXT, path };
}

/** `databases[0].tables` for the path of a setting. */
function pathText(path: DocumentPath): string {
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
