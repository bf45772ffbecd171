import { nearest } from './nearest';
import type { DocumentPath, Problem } from './problem';

const SCHEMA_NEXT = 'See environments/example.yaml, which explains every setting.';

/** What people call the types of Zod. */
export const WANTED: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

export function missing(path: DocumentPath): Problem {
  const seen = `${pathText(path)} is missing.`;
  // Points at what should contain it: the setting itself is nowhere in the file.
  return {
    code: 'MISSING_SETTING',
    seen,
    why: 'It has no default.',
    next: `Add it. ${SCHEMA_NEXT}`,
    path,
    atKey: true,
  };
}

export function wrongType(path: DocumentPath, expected: string, value: unknown): Problem {
  const seen = `${pathText(path)} is ${kindOf(value)}, but ${WANTED[expected] ?? expected} belongs there.`;
  const why = 'The setting cannot be understood.';
  if (expected === 'string' && typeof value === 'boolean') {
    return {
      code: 'WRONG_TYPE',
      seen,
      why: 'YAML reads true and false without quotes as no text.',
      next: 'Put the value into quotes.',
      path,
    };
  }
  if (expected === 'string' && typeof value === 'number') {
    return {
      code: 'WRONG_TYPE',
      seen,
      why: 'YAML reads digits without quotes as a number and drops leading zeros.',
      next: 'Put the value into quotes.',
      path,
    };
  }
  const quoted = typeof value === 'string' && expected !== 'array' && Number.isFinite(Number(value));
  return { code: 'WRONG_TYPE', seen, why, next: quoted ? 'Remove the quotes.' : SCHEMA_NEXT, path };
}

/** YAML has true and false; of what ends up in AWS hardly anything has. */
export function booleanValue(path: DocumentPath, value: boolean): Problem {
  return {
    code: 'WRONG_TYPE',
    seen: `${pathText(path)} is ${value}, but a text or a number belongs there.`,
    why: 'RDS takes 1 for on and 0 for off, and where it takes a word it is a text.',
    next: `Write ${value ? 1 : 0}, or "${value}" in quotes where RDS takes the word.`,
    path,
  };
}

export function notAnOption(path: DocumentPath, options: readonly string[], value: unknown): Problem {
  const meant = typeof value === 'string' ? nearest(value, options) : undefined;
  return {
    code: 'UNKNOWN_OPTION',
    seen: `${pathText(path)} is ${JSON.stringify(value)}; it takes ${options.join(' or ')}.`,
    why: 'The setting cannot be understood.',
    next: meant === undefined ? SCHEMA_NEXT : `Did you mean "${meant}"?`,
    path,
  };
}

export function tooFew(path: DocumentPath, minimum: number, count: number): Problem {
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

export function empty(path: DocumentPath): Problem {
  const seen = `${pathText(path)} is empty.`;
  return {
    code: 'BAD_VALUE',
    seen,
    why: 'An empty text names nothing.',
    next: 'Give it a value, or remove the line.',
    path,
  };
}

/** @param takes continues "it takes" */
export function outOfRange(path: DocumentPath, value: unknown, takes: string): Problem {
  const seen = `${pathText(path)} is ${JSON.stringify(value)}; it takes ${takes}.`;
  return { code: 'BAD_VALUE', seen, why: 'AWS or this tool cannot work with it.', next: SCHEMA_NEXT, path };
}

export function badValue(path: DocumentPath, value: unknown, message: string): Problem {
  const seen = `${pathText(path)} is ${JSON.stringify(value)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
  return { code: 'BAD_VALUE', seen, why: 'The setting cannot be understood.', next: SCHEMA_NEXT, path };
}

/** `databases[0].tables` for the path of a setting. */
export function pathText(path: DocumentPath): string {
  return (
    path
      .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
      .join('')
      .replace(/^\./, '') || 'The file'
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${JSON.stringify(value)}`;
}
