import type { Client } from 'pg';
import { lookAtBoth } from '../support/schema-pair';
import type { Difference } from '../../../sql-runner/drift/difference';
import { WHAT_FOLLOWS, type FollowRule } from '../../../sql-runner/drift/what-follows';
import { eventually } from '../../support/eventually';
import { type DriftingPair, startDriftingPair } from '../support/drifting-pair';
import { CHANGES, named, nameOf, ROLES, setupOf } from './changes';
import type { Change } from './change';

/**
 * Each change alone, on a real clone that follows: the stream does what the table says, schema says so, and what it prints
 * heals. All of them with SCHEMA_CHANGES=all (npm run test:schema) and on other majors; else a sample, as
 * test/e2e/schema.e2e.test.ts carries out all of them at once.
 */
const SAMPLE = ['truncate', 'drop-unique', 'detach-partition', 'drop-foreign-key'];
/** Whatever other tests carry out: plan, doctor and sequences. What is left of the table is another matter. */
const ELSEWHERE = ['new-table', 'new-partition', 'nextval', 'owner', 'new-role', 'rights'];
const all = process.env.SCHEMA_CHANGES === 'all' || process.env.TEST_POSTGRES_MAJOR !== undefined;
/** The stream does not come back from the last one. */
const FOR_GOOD = 'add-column-computed';
const TRIED = CHANGES.filter(({ id }) => !ELSEWHERE.includes(id) && (all || SAMPLE.includes(id))).sort(
  (one, other) => Number(one.id === FOR_GOOD) - Number(other.id === FOR_GOOD),
);
let pair: DriftingPair;

beforeAll(async () => {
  pair = await startDriftingPair([...ROLES, ...TRIED.flatMap(setupOf)].join(';\n'));
});
afterAll(() => pair?.test.stop());

const ruleOf = ({ id }: Change): FollowRule => WHAT_FOLLOWS[id];
const own = async (change: Change): Promise<Difference[]> =>
  (await lookAtBoth(pair)).filter(({ object, kind, statements }) =>
    change.id === 'large-object'
      ? kind === 'large-objects'
      : change.id === 'new-extension'
        ? object === 'extension citext'
        : [object, ...statements].some((text) => new RegExp(`\\b${nameOf(change)}(_|\\b)`).test(text)),
  );

test('nothing is found at first', async () => expect(await lookAtBoth(pair)).toEqual([]));

test.each(TRIED.map((one) => [one.id, one] as const))('%s', async (id, change) => {
  await pair.inSync();
  const since = pair.logPosition();
  const rule = ruleOf(change);
  await run(
    pair.source,
    change.source.map((text) => named(change, text)),
  );
  const found = await own(change);
  expect([...new Set(found.map(({ kind }) => kind))]).toEqual([...rule.kinds]);
  await run(
    pair.source,
    (change.writes ?? []).map((text) => named(change, text)),
  );
  if (rule.stream === 'stops' && id !== 'drop-foreign-key') await pair.stoppedBy(/ERROR: /, since);
  else if (id !== 'drop-foreign-key') await pair.inSync();
  else await eventually(() => Promise.resolve(/ERROR: .*foreign key/.test(pair.logSince(since))));
  expect(/ERROR: /.test(pair.logSince(since))).toBe(rule.stream === 'stops');
  const table = named(change, change.renamed ?? '$');
  if (rule.stream === 'differs') expect(new Set(await pair.rows(table))).toHaveProperty('size', 2);
  if (rule.remedy === 'clone' || rule.remedy === 'large-objects')
    return expect(found.flatMap(({ statements }) => statements)).toEqual([]);
  // What is told once something else is gone is told by the next look.
  for (let left = found; left.length > 0; left = await own(change)) {
    const now = left.filter(({ when }) => when !== 'in sync');
    await run(
      pair.clone,
      now.flatMap(({ statements }) => statements),
    );
    await pair.inSync();
    await run(
      pair.clone,
      left.filter(({ when }) => when === 'in sync').flatMap(({ statements }) => statements),
    );
  }
  await pair.inSync();
  const [source, clone] = await pair.rows(table);
  // What the former function has computed stays.
  if (id === 'generating-function') expect(clone).not.toBe(source);
  else expect(clone).toBe(source);
});

async function run(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}
