import { z } from 'zod';
import { knownKeys } from './known-keys';
import { inShape } from './shape';
import { isCode, type Code } from '../errors/codes';
import { nearest } from '../errors/nearest';
import type { DocumentPath, Problem } from '../errors/problem';
import {
  badValue,
  booleanValue,
  empty,
  missing,
  notAnOption,
  outOfRange,
  pathText,
  tooFew,
  WANTED,
  wrongType,
} from '../errors/setting-problems';

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
      return [value === undefined ? missing(issue.path) : otherType(issue.path, issue.expected, value, document)];
    case 'invalid_value':
      return [value === undefined ? missing(issue.path) : notAnOption(issue.path, issue.values.map(String), value)];
    case 'too_small':
      return [
        Array.isArray(value)
          ? tooFew(issue.path, Number(issue.minimum), value.length)
          : value === ''
            ? empty(issue.path)
            : outOfRange(issue.path, value, `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`),
      ];
    case 'too_big':
      return [outOfRange(issue.path, value, `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`)];
    case 'not_multiple_of':
      return [outOfRange(issue.path, value, `a multiple of ${issue.divisor}`)];
    default:
      return [badValue(issue.path, value, issue.message)];
  }
}

const MAJOR_VERSION = 'source.cluster.majorVersion';

function otherType(path: DocumentPath, expected: string, value: unknown, document: unknown): Problem {
  const problem = wrongType(path, expected, value);
  const [, major] = /^(\d+)\.\d+$/.exec(String(value)) ?? [];
  if (major !== undefined && pathText(path) === MAJOR_VERSION)
    return { ...problem, next: `Write ${major}: which minor version runs is up to the cluster.` };
  return { ...problem, next: inShape(path, expected, value, document) ?? problem.next };
}

function custom(issue: z.core.$ZodIssueCustom): Problem {
  const params = z.object({ code: z.custom<Code>(isCode), why: z.string(), next: z.string() }).parse(issue.params);
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

/** Of a union, the branch that fits the value's kind tells best what is wrong: `tables` as a list is judged as a list. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, document: unknown): Problem[] {
  const value = valueAt(document, issue.path);
  if (value === undefined) return [missing(issue.path)];
  const fitting = issue.errors.find(
    (branch) => branch.length > 0 && branch.every((inner) => inner.path.length > 0 || inner.code === 'custom'),
  );
  if (fitting !== undefined) {
    return fitting.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, document));
  }
  if (typeof value === 'boolean' && issue.path.includes('extraParameters')) return [booleanValue(issue.path, value)];
  const inner = issue.errors.flat();
  if (inner.length > 0 && inner.every(({ code }) => code === 'invalid_type')) {
    const wrong = wrongType(issue.path, optionsOf(issue).join(' or '), value);
    return [{ ...wrong, next: inShape(issue.path, '', value, document) ?? wrong.next }];
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

function valueAt(document: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    document,
  );
}
