import type { Place } from '../../../sql-runner/model/address';
import { WritingSessions } from '../../../sql-runner/connections/writing-sessions';
import type { Session } from '../../../sql-runner/postgres/session';

/** Sessions that only remember that they are open. */
function counted(limit: number) {
  const sessions = new WritingSessions(limit);
  const open: string[] = [];
  let most = 0;
  const get = ([side, database]: readonly [Place['side'], string]) =>
    sessions.get({ side, database }, async () => {
      const name = `${side} ${database}`;
      open.push(name);
      most = Math.max(most, open.filter((one) => one.startsWith(side)).length);
      return { close: async () => void open.splice(open.indexOf(name), 1) } as unknown as Session;
    });
  return { sessions, open, get, most: () => most };
}

const places = Array.from({ length: 30 }, (_, n) => ['source', `db_${n}`] as const);

test('never more than allowed on a side, and the first stays open, whose lock stands for the environment', async () => {
  const { get, open, most } = counted(4);
  const first = await get(places[0]!);
  for (const place of places) await get(place);
  for (const [, database] of places) await get(['target', database]);
  expect(most()).toBe(4);
  expect(open).toEqual(['source db_0', 'source db_27', 'source db_28', 'source db_29', ...lastOf('target')]);
  expect(await get(places[0]!)).toBe(first);
});

const lastOf = (side: string) => [26, 27, 28, 29].map((n) => `${side} db_${n}`);

test('what was used last stays, what makes way is opened again when it is asked for', async () => {
  const { get, open } = counted(3);
  for (const n of [0, 1, 2, 1, 3]) await get(places[n]!);
  expect(open).toEqual(['source db_0', 'source db_1', 'source db_3']);
  await get(places[2]!);
  expect(open).toEqual(['source db_0', 'source db_3', 'source db_2']);
});

test('one that could not be opened is forgotten; the first that could is the one that stays', async () => {
  const { sessions, get, open } = counted(2);
  const refuse = () => Promise.reject(new Error('no such database'));
  await expect(sessions.get({ side: 'source', database: 'gone' }, refuse)).rejects.toThrow('no such database');
  for (const place of places.slice(0, 3)) await get(place);
  expect(open).toEqual(['source db_0', 'source db_2']);
  await sessions.close('target');
  expect(open).toHaveLength(2);
  await sessions.close('source');
  expect(open).toEqual([]);
  for (const place of places.slice(3, 6)) await get(place);
  expect(open).toEqual(['source db_3', 'source db_5']);
});

test('one that fails late does not take with it what was opened in its place', async () => {
  const { sessions, get, open } = counted(2);
  let fail = (): void => undefined;
  const opening = () => new Promise<Session>((_, reject) => (fail = () => reject(new Error('too late'))));
  const late = sessions.get({ side: 'source', database: 'db_0' }, opening);
  const closing = sessions.close();
  await get(places[0]!);
  fail();
  await expect(late).rejects.toThrow('too late');
  await closing;
  expect(open).toEqual(['source db_0']);
  await sessions.close();
  expect(open).toEqual([]);
});
