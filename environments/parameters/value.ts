import { nearest } from '../../errors/nearest';
import type { Row } from './table';

/** Why RDS would refuse a value, as two sentences. */
export interface Refused {
  /** Continues "work_mem is 64MB: …". */
  readonly takes: string;
  readonly next: string;
}

const ON = /^(on|true|yes|t|y)$/i;
const OFF = /^(off|false|no|f|n)$/i;
/** RDS works these out from the class of the instance; what they come to is not known here. */
const FORMULA = /^(GREATEST|LEAST|SUM)\(.+\)$|\{.+\}/i;
const WITH_UNIT = /^-?\d+(\.\d+)?\s*(B|kB|MB|GB|TB|us|ms|s|min|h|d)$/i;

/** Undefined when RDS takes the value. */
export function refusedValue(row: Row, text: string): Refused | undefined {
  switch (row.type) {
    case 'boolean':
      return refusedBoolean(text);
    case 'integer':
    case 'float':
      return FORMULA.test(text) ? undefined : refusedNumber(row, text);
    case 'list':
      return firstRefused(
        row,
        text.split(',').map((part) => part.trim()),
      );
    case 'string':
      return firstRefused(row, [text]);
  }
}

function refusedBoolean(text: string): Refused | undefined {
  if (text === '0' || text === '1') return undefined;
  const meant = ON.test(text) ? '1' : OFF.test(text) ? '0' : undefined;
  return { takes: 'it takes 1 for on and 0 for off', next: meant === undefined ? 'Write 1 or 0.' : `Write ${meant}.` };
}

function refusedNumber({ type, min, max, unit }: Row, text: string): Refused | undefined {
  const noun = type === 'integer' ? 'a whole number' : 'a number';
  const range = min === undefined || max === undefined ? noun : `${noun} from ${min} to ${max}`;
  const takes = `it takes ${range}${unit === undefined ? '' : `, counted in ${unit}`}`;
  const well = type === 'integer' ? /^-?\d+$/.test(text) : /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  if (!well) {
    const hint = WITH_UNIT.test(text) && unit !== undefined ? `Leave the unit out and give the number of ${unit}.` : '';
    return { takes, next: hint || `Give ${noun}.` };
  }
  const value = Number(text);
  if (value >= (min ?? -Infinity) && value <= (max ?? Infinity)) return undefined;
  return { takes, next: 'Give a number of that range.' };
}

function firstRefused({ values }: Row, parts: readonly string[]): Refused | undefined {
  if (parts.some((part) => part === '')) return { takes: 'it takes a text that is not empty', next: 'Remove it.' };
  if (values === undefined) return undefined;
  const wrong = parts.find((part) => !values.some((value) => value.toLowerCase() === part.toLowerCase()));
  if (wrong === undefined) return undefined;
  const meant = nearest(wrong, values);
  return {
    takes: `it takes ${values.join(', ')}`,
    next: meant === undefined ? 'Give one of these.' : `Did you mean "${meant}"?`,
  };
}
