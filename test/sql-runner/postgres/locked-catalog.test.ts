import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../../sql-runner/explain/explain';
import type { Session } from '../../../sql-runner/postgres/session';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { carryOut, sqlIn } from '../checks/printed-fix';
import { openSession, targetOf } from './sessions';

/** Somebody waits to lock a catalog: nobody new gets in, and those who are in go on. */

let server: TestCluster;
let session: Session;

beforeAll(async () => {
  server = await startTestCluster();
  session = await openSession(targetOf(server, 'shop'), { lockTimeoutMs: 200 });
  const reader = await server.connect('shop');
  const somebody = await server.connect('shop');
  await reader.query('BEGIN; SELECT FROM pg_publication_rel');
  await somebody.query(`SET application_name = 'a vacuum'`);
  // The owner of a database may, and whoever comes later queues behind it.
  somebody.query('VACUUM FULL pg_publication_rel').catch(() => undefined);
  await eventually(async () => (await session.query('SELECT FROM pg_locks WHERE NOT granted')).length > 0);
  await withoutInitFiles();
});

afterAll(async () => {
  await session?.close();
  await server?.stop();
});

/** As whatever alters one of the catalogs in them leaves it, a vacuum among others (RelationCacheInitFilePreInvalidate). */
async function withoutInitFiles(): Promise<void> {
  const { dataDirectory } = server.cluster;
  const files = (await readdir(dataDirectory, { recursive: true })).filter((name) => /\bpg_internal\.init$/.test(name));
  expect(files.length).toBeGreaterThan(1);
  await Promise.all(files.map((name) => rm(join(dataDirectory, name))));
}

const enter = () => openSession(targetOf(server, 'shop'), { connectTimeoutMs: 10_000 });

test('whoever is held up as a session begins is told so, and who it is can be seen', async () => {
  const held = await enter().then(
    () => null,
    (error: unknown) => explain(error),
  );
  expect(held).toMatchObject({ code: 'CONNECT_HELD_UP' });
  const elsewhere = await server.connect('postgres');
  const { rows } = await elsewhere.query<{ application_name: string }>(sqlIn(held!.next));
  expect(rows.map(({ application_name }) => application_name)).toEqual(['a vacuum']);
});

test('what is printed to end it can be carried out although nobody new gets in', async () => {
  const refused = explain(await session.query('SELECT FROM pg_publication_rel').catch((error: unknown) => error));
  await carryOut(refused, await server.connect('postgres'), 'LOCK_TIMEOUT');
  await (await enter()).close();
});
