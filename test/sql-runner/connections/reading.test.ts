import { Connections } from '../../../sql-runner/connections/connections';
import { loginOf, type Reader } from '../../../sql-runner/connections/reading';
import type { AccountClients } from '../../../sql-runner/aws/clients';
import type { Session } from '../../../sql-runner/postgres/session';
import { inWorld, newWorld } from '../support/fake-world';
import { readingIn } from '../support/reading-in';

const shop = { side: 'source', database: 'shop' } as const;
const onClone = { side: 'target', database: 'shop' } as const;

/** A reader that says how often it was asked. */
function counting() {
  let asked = 0;
  return async ({ target }: Session, ...args: string[]) =>
    `${target.side} ${target.database} ${args.join(' ')} ${(asked += 1)}`;
}

test('a fact is read once of each place, also while the answer is on its way, and again where that is the point', async () => {
  const read = counting();
  await readingIn(newWorld(), async (reading) => {
    const both = await Promise.all([reading.ask(shop, read), reading.at(shop, (ask) => ask(read))]);
    expect(both).toEqual(['source shop  1', 'source shop  1']);
    expect(await reading.ask(onClone, read)).toBe('target shop  2');
    expect(await reading.ask(shop, read, 'a', 'b')).toBe('source shop a b 3');
    expect(await reading.ask(shop, read, 'b')).toBe('source shop b 4');
    expect(await reading.again(shop, read)).toBe('source shop  5');
    expect(await reading.ask(shop, read)).toBe('source shop  1');
    expect(await reading.ask(shop, counting())).toBe('source shop  1');
  });
});

test('what failed has failed for all who ask, and is tried again only by who reads again', async () => {
  let asked = 0;
  const read: Reader<[], number> = async () => {
    if ((asked += 1) === 1) throw new Error('refused');
    return asked;
  };
  await readingIn(newWorld(), async (reading) => {
    await expect(reading.ask(shop, read)).rejects.toThrow('refused');
    await expect(reading.at(shop, (ask) => ask(read))).rejects.toThrow('refused');
    expect(await reading.again(shop, read)).toBe(2);
  });
});

test('another reading asks anew, on the sessions that are open', async () => {
  const read = counting();
  const world = newWorld();
  await inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    const asked = [await connections.reading().ask(shop, read), await connections.reading().ask(shop, read)];
    expect(asked).toEqual(['source shop  1', 'source shop  2']);
    await connections.close();
  });
  expect(world.log.filter((line) => line.startsWith('connect'))).toEqual(['connect source shop as master']);
});

test('an account is asked once, that of either side', async () => {
  let asked = 0;
  const read = async ({ accountId }: AccountClients, name: string) => `${accountId} ${name} ${(asked += 1)}`;
  await readingIn(newWorld(), async (reading) => {
    const both = await Promise.all([reading.aws('source', read, 'a'), reading.aws('source', read, 'a')]);
    expect(both).toEqual(['111111111111 a 1', '111111111111 a 1']);
    expect(await reading.aws('target', read, 'a')).toBe('222222222222 a 2');
    expect(await reading.aws('source', read, 'b')).toBe('111111111111 b 3');
  });
});

test('the database to ask about a cluster is looked for once, and whoever enters it is known', async () => {
  const world = newWorld();
  world.observation.source.databases.shop!.exists = false;
  await readingIn(world, async (reading) => {
    const first = await reading.first('source');
    expect([first, await reading.first('source')]).toEqual(Array(2).fill({ side: 'source', database: 'ledger' }));
    expect(await reading.ask(first, loginOf)).toBe('master');
  });
  expect(world.log.filter((line) => line.startsWith('connect'))).toHaveLength(2);
});
