import type { Finding } from '../../../sql-runner/model/change';
import { type DriftingPair, startDriftingPair } from '../support/drifting-pair';
import type { Drift } from './drift';
import { DRIFTS_OF_COLUMNS } from './drifts-of-columns';
import { DRIFTS_OF_DEFINITIONS } from './drifts-of-definitions';
import { DRIFTS_OF_TABLES } from './drifts-of-tables';
import { DRIFTS_OF_TYPES } from './drifts-of-types';
import { carryOut } from './printed-fix';

/** Each difference on a real clone: named before it does harm, then let do it, then put right as printed. */
const DRIFTS = [...DRIFTS_OF_COLUMNS, ...DRIFTS_OF_TABLES, ...DRIFTS_OF_TYPES, ...DRIFTS_OF_DEFINITIONS];
const nameOf = (drift: Drift): string => `t${DRIFTS.indexOf(drift) + 1}`;
const named = (drift: Drift, sql: string): string => sql.replaceAll('$', nameOf(drift));
let pair: DriftingPair;

beforeAll(async () => {
  pair = await startDriftingPair(DRIFTS.map((drift) => named(drift, drift.table)).join(';\n'));
});
afterAll(() => pair?.test.stop());

/** Of one table and its types only, so that a failure does not fail all that comes after it. */
const told = async (name = ''): Promise<Finding[]> =>
  (await pair.findings()).filter(
    ({ code, severity, seen }) =>
      (severity !== 'info' || code === 'DEFINITION_DIFFERS') && new RegExp(`\\b${name}(_|\\b)`).test(seen),
  );

test('nothing is found between a clone and its source', async () => {
  expect(await told()).toEqual([]);
});

const CODES = [
  'TABLE_RENAMED',
  'PARTITION_DIFFERS',
  'PARTITION_ONLY_ON_CLONE',
  'COLUMNS_DIFFER',
  'COLUMN_RENAMED',
  'COLUMN_TYPE_DIFFERS',
  'GENERATED_COLUMN_DIFFERS',
  'CONSTRAINT_ONLY_ON_CLONE',
  'UNIQUE_ONLY_ON_CLONE',
  'KEY_DIFFERS',
  'FULL_IDENTITY_EXTRA_COLUMN',
  'ENUM_LABEL_MISSING',
  'TYPE_NOT_ON_CLONE',
  'DOMAIN_STRICTER_ON_CLONE',
  'TYPE_DIFFERS',
  'DEFINITION_DIFFERS',
];

test('no difference is left out', () => {
  expect([...new Set(DRIFTS.map(({ code }) => code))].sort()).toEqual([...CODES].sort());
});

describe.each(CODES)('%s', (code) => {
  const drifts = DRIFTS.filter((drift) => drift.code === code);
  test.each(drifts.map((drift) => [drift.title, drift] as const))('%s', async (_, drift) => {
    const since = pair.logPosition();
    const finding = await provoked(drift);
    for (const sql of drift.writes) await pair.source.query(named(drift, sql));
    if (drift.stops !== undefined) await pair.stoppedBy(drift.stops, since);
    else await pair.inSync();
    if (drift.differs === true) expect(new Set(await pair.rows(nameOf(drift)))).toHaveProperty('size', 2);
    await carryOut(finding, pair.clone, code);
    const left = await mended(await told(nameOf(drift)), 'block', 'COLUMNS_DIFFER', drift);
    await pair.inSync();
    const [source, clone] = await pair.rows(named(drift, drift.renamed ?? '$'), 'own');
    expect(clone).toBe(source);
    // What is left is a note, and has a way out as well.
    expect(await mended(left, 'info', 'DEFINITION_DIFFERS', drift)).toEqual([]);
  });
});

/** Carries out what is printed with those of one severity. @returns what is found then */
async function mended(found: Finding[], severity: Finding['severity'], code: string, drift: Drift): Promise<Finding[]> {
  const these = found.filter((one) => one.severity === severity);
  for (const one of these) await carryOut(one, pair.clone, code);
  return these.length === 0 ? found : told(nameOf(drift));
}

/** Named before it does harm, and nothing else that stops the worker. */
async function provoked(drift: Drift): Promise<Finding> {
  await pair.inSync();
  for (const sql of named(drift, drift.onSource ?? '').split('; ')) await pair.source.query(sql);
  for (const sql of named(drift, drift.onClone ?? '').split('; ')) await pair.clone.query(sql);
  const [finding, ...others] = await told(nameOf(drift));
  expect(finding).toMatchObject({ code: drift.code, severity: drift.severity });
  expect(others.filter(({ severity }) => severity === 'block').map(({ code }) => code)).toEqual(drift.besides ?? []);
  return finding!;
}
