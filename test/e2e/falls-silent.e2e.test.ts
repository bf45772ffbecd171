import { setTimeout as pause } from 'node:timers/promises';
import { diagnose } from '../../sql-runner/actions/doctor';
import { readStatus } from '../../sql-runner/actions/status';
import { Connections } from '../../sql-runner/connections/connections';
import { openToLook, type Open } from '../../sql-runner/connections/open';
import { readOnce, type Reader, type Reading } from '../../sql-runner/connections/reading';
import { publications } from '../../sql-runner/postgres/catalog/publications';
import { serverFacts } from '../../sql-runner/postgres/catalog/server';
import { SwallowingLink } from '../breakages/swallowing-link';
import { DirectLab } from './support/direct-lab';
import { execute } from './support/provocations';
import { stagesInOrder } from './support/in-order';

/** A server that was there when a command began to read, and says nothing from some question on. */

const stage = stagesInOrder();
const WITHIN_MS = 5_000;
let world: DirectLab;
let links: Readonly<Record<'source' | 'target', SwallowingLink>>;

beforeAll(async () => {
  world = await DirectLab.start('falls-silent', { databases: ['shop'] });
  await execute(await world.source('shop'), ['CREATE TABLE orders (id bigint PRIMARY KEY)']);
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
  const { source, target } = world.contracts;
  const [here, there] = [source.cluster, target!.cluster];
  links = { source: await SwallowingLink.open(here.port), target: await SwallowingLink.open(there.port) };
  Object.assign(here, { port: links.source.port });
  Object.assign(there, { port: links.target.port });
});
afterAll(async () => {
  for (const link of Object.values(links ?? {})) await link.close();
  await world?.lab.down();
});
afterEach(async () => {
  for (const link of Object.values(links ?? {})) link.restore();
  // For so long one command believes the one before it.
  await pause(2_100);
});

/** What commands that only look open; right before a fact of a side is read, something happens. */
const opening =
  (side: 'source' | 'target', of: unknown, happens: () => void): Open =>
  (contracts) => {
    const connections = new Connections(contracts, true, [], (own) => hooked(readOnce(own)));
    connections.onlyLooks();
    return connections;

    function hooked(reading: Reading): Reading {
      const before = <A extends readonly unknown[], T>(reader: Reader<A, T>): Reader<A, T> =>
        (reader as unknown) !== of
          ? reader
          : async (session, ...args) => {
              if (session.target.side === side) happens();
              return reader(session, ...args);
            };
      const asking: Pick<Reading, 'at' | 'ask'> = {
        at: (place, work) => reading.at(place, (ask) => work((reader, ...args) => ask(before(reader), ...args))),
        ask: (place, reader, ...args) => reading.ask(place, before(reader), ...args),
      };
      return Object.assign(Object.create(reading) as Reading, asking);
    }
  };

async function timed<T>(asked: Promise<T>): Promise<{ readonly told: T | { code?: string }; readonly ms: number }> {
  const began = performance.now();
  const told = await asked.catch((error: { code?: string }) => error);
  return { told, ms: performance.now() - began };
}

stage('by links that lose nothing, all is well', async () => {
  const { streams } = await readStatus(openToLook, world.contracts);
  expect(streams.map(({ state }) => state)).toEqual(['streaming']);
});

stage('a clone that falls silent in the middle of a status: the source tells, in time', async () => {
  const open = opening('target', publications, () => links.target.swallow());
  const { told, ms } = await timed(readStatus(open, world.contracts));
  expect(told).toMatchObject({
    clone: 'not reached',
    unread: { code: 'CONNECT_TIMEOUT', seen: expect.stringContaining('did not answer within') },
    streams: [{ state: 'clone not reached' }],
  });
  expect(ms).toBeLessThan(WITHIN_MS);
});

stage('a source that does: that it is the source is told in time', async () => {
  const open = opening('source', serverFacts, () => links.source.swallow());
  const { told, ms } = await timed(readStatus(open, world.contracts));
  expect(told).toMatchObject({ code: 'CONNECT_TIMEOUT', side: 'source' });
  expect(ms).toBeLessThan(WITHIN_MS);
});

stage('doctor tells of the clone, and checks the source', async () => {
  const open = opening('target', publications, () => links.target.swallow());
  const { told, ms } = await timed(diagnose(open, world.contracts));
  const { results } = told as Awaited<ReturnType<typeof diagnose>>;
  expect(results.some(({ code, status }) => code === 'CONNECT_TIMEOUT' && status === 'fail')).toBe(true);
  expect(results.filter(({ side, status }) => side === 'source' && status === 'pass').length).toBeGreaterThan(10);
  expect(ms).toBeLessThan(WITHIN_MS);
});

stage('one that is silent from the start', async () => {
  links.target.swallow();
  const { told, ms } = await timed(readStatus(openToLook, world.contracts));
  expect(told).toMatchObject({ clone: 'not reached', unread: { code: 'CONNECT_TIMEOUT' } });
  expect(ms).toBeLessThan(WITHIN_MS);
});

stage('a failover in the middle ends the connections, which is told at once', async () => {
  const open = opening('target', publications, () => links.target.reset());
  const { told, ms } = await timed(readStatus(open, world.contracts));
  expect(told).toMatchObject({ clone: 'not reached', unread: { code: 'CONNECTION_LOST' } });
  expect(ms).toBeLessThan(WITHIN_MS);
  const { streams } = await readStatus(openToLook, world.contracts);
  expect(streams.map(({ state }) => state)).toEqual(['streaming']);
});
