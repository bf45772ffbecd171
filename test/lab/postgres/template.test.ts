import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresBinaries } from '../../../lab/postgres/binaries';
import { createCertificates } from '../../../lab/postgres/certificates';
import { PostgresCluster } from '../../../lab/postgres/cluster';
import { initialise } from '../../../lab/postgres/data-directory';
import { freePort } from '../../../lab/postgres/free-port';
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

test('a cluster made from a template is as initdb left it, but has a password of its own', async () => {
  const binaries = await preparePostgresBinaries(directory, postgresMajor());
  const template = join(directory, 'template');
  await initialise(binaries, template, 'the password of the template', ['--wal-segsize=1']);
  cluster = await PostgresCluster.create({
    binaries: { ...binaries, template },
    certificates: await createCertificates(join(directory, 'certificates')),
    directory: join(directory, 'cluster'),
    port: await freePort(),
    masterUsername: 'master',
    masterPassword: 'secret',
    adminPassword: `it's "another" \\ one`,
    databases: ['shop'],
  });
  expect(await cluster.settings(['wal_segment_size', 'server_encoding'])).toEqual({
    wal_segment_size: '1MB',
    server_encoding: 'UTF8',
  });
  const old = { user: 'rdsadmin', password: 'the password of the template', database: 'postgres' };
  await expect(cluster.connect(old)).rejects.toThrow('password authentication failed');
});
