import type { Code } from '../../../errors/codes';
import { OperatorError } from '../../../errors/operator-error';
import type { Side } from '../../../contract/contract';
import { Connections } from '../../../sql-runner/connections/connections';
import { firstExisting } from '../../../sql-runner/connections/first-existing';
import type { Session } from '../../../sql-runner/postgres/session';
import { inWorld, newWorld, sqlError } from '../support/fake-world';
import { cloned } from '../support/observations';

/** Where an environment of three databases is asked about a cluster, some of which refuse. */
async function asked(refusals: Record<string, string>): Promise<unknown> {
  const world = newWorld(cloned, ['shop', 'ledger', 'archive']);
  world.onConnect = ({ database }) => (refusals[database] === undefined ? undefined : sqlError(refusals[database]));
  return inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    const found = await firstExisting(connections, 'target').catch(({ code }: { code: string }) => code);
    await connections.close();
    return typeof found === 'string' ? found : `${found.side} ${found.database}`;
  });
}
const GONE = '3D000';

test.each<[string, Record<string, string>, string]>([
  ['the first', {}, 'target shop'],
  ['the next where that is gone', { shop: GONE }, 'target ledger'],
  ['the last where all others are gone', { shop: GONE, ledger: GONE }, 'target archive'],
  ['none where all are gone', { shop: GONE, ledger: GONE, archive: GONE }, 'CONNECT_DATABASE_MISSING'],
  ['none where the first refuses us', { shop: '42501' }, 'CONNECT_FORBIDDEN'],
])('it is asked in %s', async (_, refusals, expected) => {
  expect(await asked(refusals)).toBe(expected);
});

/** A clone that has no database of the environment still has what belongs to it as a whole. */
test.each<[Side, Code | null, string, string[]]>([
  ['target', null, 'target postgres', ['shop', 'ledger', 'postgres']],
  ['target', 'CONNECT_FORBIDDEN', 'ledger: CONNECT_DATABASE_MISSING', ['shop', 'ledger', 'postgres']],
  ['target', 'CONNECT_DATABASE_MISSING', 'ledger: CONNECT_DATABASE_MISSING', ['shop', 'ledger', 'postgres']],
  ['source', null, 'ledger: CONNECT_DATABASE_MISSING', ['shop', 'ledger']],
])('the %s with none of them is asked in postgres, or not: %s', async (side, refused, expected, asked) => {
  const connections = new Connections(newWorld(cloned).contracts);
  const places: string[] = [];
  jest.spyOn(connections, 'reader').mockImplementation(({ database }) => {
    places.push(database);
    const code = database === 'postgres' ? refused : 'CONNECT_DATABASE_MISSING';
    if (code === null) return Promise.resolve({} as Session);
    return Promise.reject(new OperatorError({ code, seen: database, why: '', next: '' }));
  });
  const found = await firstExisting(connections, side).then(
    (place) => `${place.side} ${place.database}`,
    ({ seen, code }: OperatorError) => `${seen}: ${code}`,
  );
  expect([found, places]).toEqual([expected, asked]);
});

test('nor is it asked elsewhere after an error that is none for people', async () => {
  const world = newWorld(cloned);
  const connections = new Connections(world.contracts);
  const odd = Object.assign(new Error('odd'), { code: 'CONNECT_DATABASE_MISSING' });
  jest.spyOn(connections, 'reader').mockRejectedValueOnce(odd);
  await expect(firstExisting(connections, 'target')).rejects.toBe(odd);
});
