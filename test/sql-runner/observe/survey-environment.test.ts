import { surveySource, surveyTarget } from '../../../sql-runner/observe/survey-environment';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { following } from '../support/observations';
import { readingIn } from '../support/reading-in';

/** The databases that were surveyed on each side, while that of ledger refuses us so. */
async function surveyed(refusal: string | undefined, onSql?: World['onSql']): Promise<string[][]> {
  const world = newWorld(following);
  world.onConnect = ({ database }) => (refusal !== undefined && database === 'ledger' ? sqlError(refusal) : undefined);
  if (onSql !== undefined) world.onSql = onSql;
  return readingIn(world, async (reading) => {
    const [source, target] = [await surveySource(reading), await surveyTarget(reading)];
    return [source, target!].map(({ databases }) => Object.keys(databases));
  });
}

test('a database that is missing is for the plan to say: the others are surveyed all the same', async () => {
  expect(await surveyed(undefined)).toEqual([
    ['shop', 'ledger'],
    ['shop', 'ledger'],
  ]);
  expect(await surveyed('3D000')).toEqual([['shop'], ['shop']]);
});

test.each([
  ['42501', 'CONNECT_FORBIDDEN'],
  ['28P01', 'CONNECT_AUTH'],
])('any other refusal is the error: %s', async (refusal, code) => {
  await expect(surveyed(refusal)).rejects.toMatchObject({ code });
});

test('and so is a read that fails beside a database that is missing', async () => {
  const failing: World['onSql'] = (sql) => (sql.includes('AS "selectMissing"') ? sqlError('57014') : undefined);
  await expect(surveyed('3D000', failing)).rejects.toMatchObject({ code: '57014' });
});

test('nothing is asked of the clone before the slots, whose positions an observation compares with it', async () => {
  const world = newWorld(following);
  await readingIn(world, surveyTarget);
  const first = (pattern: RegExp) => world.log.findIndex((line) => pattern.test(line));
  const slots = first(/^source .*to_jsonb\(s\) AS slot/);
  expect(slots).toBeGreaterThan(-1);
  expect(slots).toBeLessThan(first(/^target /));
});

test('of settings that hold for the role or the login, those are read that the checks judge', async () => {
  const asked: Record<string, unknown> = {};
  const noting: World['onSql'] = (sql, { side }, values) => {
    if (sql.includes("array_position('{role in")) asked[side] = values;
    return undefined;
  };
  await surveyed(undefined, noting);
  expect(asked).toEqual({
    source: ['acas_demo', ['wal_sender_timeout', 'lc_monetary']],
    target: ['master', expect.arrayContaining(['lock_timeout', 'lc_monetary'])],
  });
});
