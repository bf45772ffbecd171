import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresBinaries } from '../../../lab/postgres/binaries';
import { createCertificates } from '../../../lab/postgres/certificates';
import { PostgresCluster } from '../../../lab/postgres/cluster';
import { freePort } from '../../../lab/postgres/free-port';
import { prepareServers } from '../../../lab/postgres/prepare-servers';
import { serverTemplate } from '../../../lab/postgres/server-template';
import { giveToServer } from '../../../lab/postgres/server-user';
import { postgresMajor } from '../../support/postgres-major';

let directory: string;
let cluster: PostgresCluster | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora lab template '));
  await giveToServer(directory);
});
afterAll(async () => {
  await cluster?.destroy();
  await rm(directory, { recursive: true, force: true });
});

test('a cluster made from a template is as initdb left it, but has passwords of its own', async () => {
  const binaries = await preparePostgresBinaries(directory, postgresMajor());
  const [template, second] = await Promise.all([
    serverTemplate(binaries, directory),
    serverTemplate(binaries, directory),
  ]);
  expect(second).toEqual(template);
  cluster = await PostgresCluster.create({
    binaries: { ...binaries, template },
    certificates: await createCertificates(join(directory, 'certificates')),
    directory: join(directory, 'cluster'),
    port: await freePort(),
    masterUsername: 'master',
    masterPassword: 'secret',
    adminPassword: `it's "another" \\ one`,
    databases: ['shop'],
    parameters: { wal_level: 'logical' },
  });
  expect(await cluster.settings(['wal_segment_size', 'server_encoding', 'wal_level'])).toEqual({
    wal_segment_size: '1MB',
    server_encoding: 'UTF8',
    wal_level: 'logical',
  });
  const old = { user: 'rdsadmin', password: template.adminPassword, database: 'postgres' };
  await expect(cluster.connect(old)).rejects.toThrow('password authentication failed');
  const admin = await cluster.adminClient('shop');
  expect((await admin.query('SELECT aurora_volume_logical_start_lsn() AS lsn')).rows).toEqual([{ lsn: null }]);
  await admin.end();
});

test('where no folder for templates is named, each place has programs of its own, and initdb runs', async () => {
  const folder = process.env.LAB_TEMPLATES;
  delete process.env.LAB_TEMPLATES;
  try {
    const own = await prepareServers(directory, postgresMajor());
    expect([own.template, own.directory.startsWith(directory)]).toEqual([undefined, true]);
  } finally {
    process.env.LAB_TEMPLATES = folder;
  }
});

test('where one is named, the programs are the ones in there, under another name', async () => {
  const own = await prepareServers(join(directory, 'lab'), postgresMajor());
  const shared = await preparePostgresBinaries(process.env.LAB_TEMPLATES!, postgresMajor());
  expect(own.directory.startsWith(join(directory, 'lab'))).toBe(true);
  expect(statSync(own.postgres).ino).toBe(statSync(shared.postgres).ino);
  expect(statSync(join(own.directory, 'lib', 'libpq.so.5')).isFile()).toBe(true);
  expect(own.template!.dataDirectory.startsWith(process.env.LAB_TEMPLATES!)).toBe(true);
});
