import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { OperatorError } from '../errors/operator-error';
import { priceTableSchema, type PriceTable } from './estimate/price-table';

/** One file a Region, called like it. */
export const PRICES = join(__dirname, 'prices');

/** Checked against its schema: a slip in a table would be a wrong estimate that looks right. */
export function readPrices(region: string, folder: string = PRICES): PriceTable {
  const file = join(folder, `${region}.yaml`);
  if (!existsSync(file)) throw noTable(region, folder);
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(file, [cause instanceof Error ? cause.message : String(cause)]);
  }
  const read = priceTableSchema.safeParse(content);
  if (!read.success) throw invalid(file, read.error.issues.map(described));
  if (read.data.region !== region) throw invalid(file, [`it is of the Region ${read.data.region}`]);
  return read.data;
}

function noTable(region: string, folder: string): OperatorError {
  const known = readdirSync(folder).filter((name) => extname(name) === '.yaml');
  return new OperatorError({
    code: 'PRICES_MISSING',
    seen: `There is no price table of ${region} in ${folder}.`,
    why: 'Prices differ between Regions, and an estimate with those of another one would be wrong.',
    next: `Add ${region}.yaml there, as docs/cost.md says. There are: ${known.map((name) => basename(name, '.yaml')).join(', ')}.`,
  });
}

function invalid(file: string, problems: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'PRICES_INVALID',
    seen: `${file} is not a price table: ${problems.join('; ')}.`,
    why: 'An estimate from it would look right and be wrong.',
    next: 'Correct the file; docs/cost.md says what stands in it.',
  });
}

const described = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
