import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unitsOf } from '../../sql-runner/migration/split';
import type { Unit } from '../../sql-runner/migration/statement';

const FOLDER = join(__dirname, 'statements');
export const SCHEMA_FILE = join(__dirname, 'schema.sql');

/** Every unit of the corpus, each to be judged on the schema as it is. */
export async function corpus(): Promise<readonly Unit[]> {
  const units: Unit[] = [];
  for (const file of readdirSync(FOLDER).sort())
    units.push(...(await unitsOf(file, readFileSync(join(FOLDER, file), 'utf8'), false)));
  return units;
}

/** Every so-manieth, beginning with one of them: a sample with something of each file. */
export const everyNth = (units: readonly Unit[], step: number, first: number): readonly Unit[] =>
  units.filter((_, index) => index % step === first % step);
