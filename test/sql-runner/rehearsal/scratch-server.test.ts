import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScratchPair } from '../../../sql-runner/rehearsal/scratch-pair';
import { ScratchServer } from '../../../sql-runner/rehearsal/scratch-server';
import { findPrograms } from '../../../sql-runner/rehearsal/programs';
import { makeDataDirectories, makeFolder } from '../../../sql-runner/rehearsal/server-files';
import { postgresMajor } from '../../support/postgres-major';

/** As a shell has them in which somebody works with production. */
const OF_A_SHELL: Readonly<Record<string, string>> = {
  PGHOST: 'production.example.com',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'secret',
  PGPASSFILE: '/nowhere/pgpass',
  PGDATABASE: 'shop',
  PGSSLMODE: 'verify-full',
  PGSSLROOTCERT: '/nowhere/root.pem',
  PGSSLNEGOTIATION: 'direct',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGREPLICATION: 'true',
  PGCLIENT_ENCODING: 'LATIN1',
  PGAPPNAME: 'theirs',
  PGTZ: 'Asia/Tokyo',
};

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('no PG* variable of the shell reaches the scratch servers', async () => {
  process.env = { ...before, ...OF_A_SHELL };
  const pair = await ScratchPair.start(postgresMajor(), undefined);
  try {
    const { admin } = pair.servers.source;
    const [row] = await admin.query(
      `SELECT current_user AS who, current_setting('application_name') AS name, current_setting('client_encoding') AS encoding,
              current_setting('default_transaction_read_only') AS frozen, current_database() AS database, '\u20ac' AS euro`,
    );
    expect(row).toEqual({
      who: 'postgres',
      name: 'sql-runner ddl check',
      encoding: 'UTF8',
      frozen: 'off',
      database: 'postgres',
      euro: '\u20ac',
    });
  } finally {
    await pair.close();
  }
}, 60_000);

test('a server that runs and lets nobody in is told at once, in the words of the connection', async () => {
  const files = makeFolder(findPrograms(postgresMajor(), undefined));
  try {
    await makeDataDirectories(files, ['source', 'clone']);
    await writeFile(join(files.root, 'source', 'data', 'pg_hba.conf'), 'local all all reject\n');
    const begun = Date.now();
    const started = ScratchServer.start(files, 'source');
    await expect(started).rejects.toMatchObject({
      code: 'DDL_SCRATCH_FAILED',
      seen: expect.stringContaining('pg_hba.conf rejects connection'),
      next: expect.not.stringContaining('disk'),
    });
    expect(Date.now() - begun).toBeLessThan(20_000);
  } finally {
    await rm(files.root, { recursive: true, force: true });
  }
}, 60_000);
