import { changeOf, type Operation } from '../../../../sql-runner/model/change';
import { execute } from '../../../../sql-runner/execute/execute';
import { executing } from '../../support/executing';
import { newWorld, type World } from '../../support/fake-world';
import { following } from '../../support/observations';
import { sqlError } from '../../support/fake-world';

const NAMES = ['acas_demo_shop', 'acas_demo_ledger'] as const;
const READERS = 'AS "replySeconds"';

const anew: Operation = {
  kind: 'connect-anew',
  connections: ['shop', 'ledger'].map((database) => ({
    subscription: `acas_demo_${database}`,
    operation: {
      kind: 'sql',
      place: { side: 'target', database },
      guards: [],
      statements: [{ text: 'SELECT 1' }],
    },
  })),
};
const change = changeOf({
  address: { side: 'target', kind: 'c' },
  action: 'update',
  reason: '',
  preview: [],
  operation: anew,
});
const carriedOut = (world: World) => executing(world, (execution) => execute(change, execution));

/** At each look the senders of both slots; null: nobody reads. */
function reading(...looks: readonly (readonly (number | null)[])[]): World {
  const world = newWorld(following);
  let at = 0;
  world.onSql = (sql) => {
    if (!sql.includes(READERS)) return undefined;
    const pids = looks[Math.min(at, looks.length - 1)]!;
    at += 1;
    return NAMES.map((slot, index) => ({ slot, active: pids[index] !== null, pid: pids[index] }));
  };
  return world;
}
const looks = ({ log }: World) => log.filter((line) => line.includes(READERS)).length;

test('it ends once another sender serves each slot', async () => {
  const world = reading([1, 2], [1, 2], [null, 3], [4, 3]);
  await carriedOut(world);
  expect(looks(world)).toBe(4);
});

test.each([
  ['goes on with its old sender', [4, 2], 'acas_demo_ledger'],
  ['is read by nobody', [null, 3], 'acas_demo_shop'],
])('one that %s is an error, and is named', async (_, now, slot) => {
  const failed = await carriedOut(reading([1, 2], now)).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'NOT_STREAMING', seen: expect.stringContaining(`slot ${slot} anew`) });
});

test('what is held is not waited for', async () => {
  const world = reading([null, 2], [null, 3]);
  for (const one of world.observation.target!.subscriptions) if (one.database === 'shop') one.enabled = false;
  await carriedOut(world);
  expect(looks(world)).toBe(2);
});

test('one that cannot be altered keeps no other from its connection, and is the error', async () => {
  const world = reading([1, 2]);
  const asReaders = world.onSql;
  const altered: string[] = [];
  world.onSql = (sql, at, values) => {
    if (sql !== 'SELECT 1' || at.side !== 'target') return asReaders(sql, at, values);
    altered.push(at.database);
    return at.database === 'shop' ? sqlError('42501', 'no') : [];
  };
  await expect(carriedOut(world)).rejects.toMatchObject({ code: 'PRIVILEGE_MISSING' });
  expect(altered).toEqual(['shop', 'ledger']);
});
