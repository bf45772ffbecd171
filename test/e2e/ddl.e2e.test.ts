import { Client } from 'pg';
import type { SourceContract } from '../../contract/contract';
import { decide, readDdl } from '../../sql-runner/actions/ddl';
import { diagnose } from '../../sql-runner/actions/doctor';
import { readStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { makePlan, run, type RunOutcome } from '../../sql-runner/actions/run';
import { createColors } from 'picocolors';
import { ddlText } from '../../sql-runner/render/ddl-text';
import { ddlDocument } from '../../sql-runner/render/schemas/ddl';
import { FORMAT_VERSION } from '../../sql-runner/render/format-version';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { rowsAsText } from './support/rows-as-text';

/** DDL follows in the order of the stream, by the whole of apply, while production is written to. */

const stage = stagesInOrder();
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('ddl', { databases: ['shop'] });
  await onSource('CREATE TABLE parcels (id bigserial PRIMARY KEY, weight int)');
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
  // Aurora lets rds_superuser make event triggers; no other server does.
  for (const side of ['source', 'clone'] as const) await asSuperuser(side, 'ALTER ROLE demo_admin SUPERUSER');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);

async function asSuperuser(side: 'source' | 'clone', sql: string): Promise<void> {
  const client = new Client(world.lab.adminConnection(side, 'shop'));
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(r.rolname) AS name FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = 'shop'`,
  );
  await client.query(sql.replace('demo_admin', rows[0]!.name)).finally(() => client.end());
}

const contracts = (ddl?: 'apply' | 'record') => {
  const links: SourceContract['links'] = world.contract.links.map((link) => ({ ...link, ...(ddl ? { ddl } : {}) }));
  return { ...world.contracts, source: { ...world.contract, links } };
};
const apply = (ddl?: 'apply' | 'record'): Promise<RunOutcome> => run(world.open, contracts(ddl), approved('apply'));
const ids = async (ddl?: 'apply') => (await makePlan(world.open, contracts(ddl), 'apply')).changes.map(({ id }) => id);
const list = async () => (await readDdl(world.open, contracts('apply'), 50)).databases[0]!;

const equal = (table: string) =>
  eventually(async () => (await rowsAsText(world.clone, table)) === (await rowsAsText(world.source, table)));

stage('it is made in one run, and then there is nothing to do', async () => {
  expect(await apply('apply')).toBe('applied');
  expect(await ids('apply')).toEqual([]);
  expect((await list()).statements).toEqual([]);
});

stage('a column, another type and a table with its rows follow while writers write', async () => {
  let done = false;
  const writer = await world.source('shop');
  const writing = (async () => {
    while (!done) await writer.query('INSERT INTO parcels (weight) VALUES (1)');
    await writer.end();
  })();
  await onSource('ALTER TABLE parcels ADD COLUMN size int DEFAULT 3', 'UPDATE parcels SET size = weight');
  await onSource('ALTER TABLE parcels ALTER size TYPE bigint', 'ALTER TABLE parcels RENAME size TO amount');
  done = true;
  await writing;
  await equal('parcels');
  await onSource(
    'BEGIN',
    'CREATE TABLE vans (id int PRIMARY KEY, name text)',
    `INSERT INTO vans VALUES (1, 'a')`,
    'COMMIT',
  );
  const { mode, statements } = await list();
  expect(mode).toBe('apply');
  expect(statements.map(({ tag }) => tag)).toEqual(['ALTER TABLE', 'ALTER TABLE', 'ALTER TABLE', 'CREATE TABLE']);
});

stage('a stream that stands before a statement says so, and goes on once that is decided', async () => {
  await onSource(
    `DO $$BEGIN CREATE TABLE inside (id int PRIMARY KEY); END$$`,
    'INSERT INTO parcels (weight) VALUES (5)',
  );
  const number = await eventually(
    async () => (await list()).statements.find(({ state }) => state === 'stopped')?.number,
  );
  const { findings } = await makePlan(world.open, contracts('apply'), 'apply');
  expect(findings.find(({ code }) => code === 'DDL_STOPPED')?.seen).toContain(`statement ${number}`);
  // What is behind it would come without it.
  const off = await makePlan(world.open, contracts(), 'apply');
  expect(off.changes.filter(({ id }) => /ddl|drain/.test(id))).toEqual([]);
  expect(off.findings.find(({ code }) => code === 'DDL_STOPPED')?.why).toContain('says ddl: off is carried out once');
  // To leave out the whole transaction would lose its rows.
  const problem = await eventually(async () => {
    const { streams } = await readStatus(openConnections, contracts('apply'));
    return streams[0]!.problems.find(({ code, seen }) => code === 'APPLY_WORKER_FAILING' && /log has/.test(seen));
  });
  expect(problem.next).toMatch(new RegExp(`^see it: sql-runner ddl show demo ${number};`));
  expect(problem.next).not.toContain('sql-runner skip');
  const all = await readDdl(world.open, contracts('apply'), 50);
  ddlDocument.parse({ format_version: FORMAT_VERSION, ...all });
  const text = ddlText(all, createColors(false));
  expect(text).toContain(`sql-runner ddl skip demo ${number}`);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const chosen = { number, database: null };
  await expect(decide(world.open, contracts('apply'), chosen, 'apply', 0)).rejects.toMatchObject({
    code: 'DDL_NOT_DECIDED',
  });
  await execute(await world.clone('shop'), ['CREATE TABLE inside (id int PRIMARY KEY)']);
  expect(await decide(world.open, contracts('apply'), chosen, 'skip', 60_000)).toMatchObject({ state: 'skipped' });
  await equal('parcels');
});

stage('a right that failed on the clone is told until somebody has seen to it', async () => {
  await onSource('CREATE ROLE only_there', 'GRANT SELECT ON parcels TO only_there');
  const number = await eventually(
    async () => (await list()).statements.find(({ state }) => state === 'failed')?.number,
  );
  const told = async () => {
    const { results } = await diagnose(world.open, contracts('apply'));
    return results.flatMap(({ findings }) => findings).find(({ code }) => code === 'DDL_FAILED')?.next;
  };
  const next = await told();
  expect(next).toContain(`sql-runner ddl show demo ${number}`);
  expect(next).toContain(`sql-runner ddl skip demo ${number}`);
  const chosen = { number, database: null };
  await expect(decide(world.open, contracts('apply'), chosen, 'apply', 0)).rejects.toMatchObject({
    code: 'DDL_NOT_DECIDED',
    next: expect.stringContaining(`sql-runner ddl skip demo ${number}`),
  });
  await execute(await world.clone('shop'), ['CREATE ROLE only_there', 'GRANT SELECT ON parcels TO only_there']);
  expect(await decide(world.open, contracts('apply'), chosen, 'skip', 0)).toMatchObject({ state: 'skipped' });
  expect(await told()).toBeUndefined();
});

stage('the rows of tables that DDL made are brought by apply', async () => {
  // Rows that ALTER TABLE wrote anew are compared first; what is new is added to a stream that is proven.
  for (let runs = 0; runs < 3 && (await ids('apply')).length > 0; runs += 1)
    expect(await apply('apply')).toBe('applied');
  expect(await ids('apply')).toEqual([]);
  await equal('vans');
  expect((await list()).statements.every(({ state }) => ['applied', 'skipped', 'ignored'].includes(state))).toBe(true);
});

stage('what was carried out by consent is in doubt until its rows were compared', async () => {
  const doubts = async () => {
    const { findings, changes } = await makePlan(world.open, contracts('apply'), 'apply');
    const told = findings.filter(({ code }) => code === 'CONTINUITY_NOT_PROVEN').map(({ seen }) => seen);
    return { told, compares: changes.some(({ operation }) => operation.kind === 'prove-continuity') };
  };
  await execute(await world.clone('shop'), ['ALTER TABLE vans ADD COLUMN z int']);
  await onSource('ALTER TABLE vans ADD COLUMN IF NOT EXISTS z int DEFAULT 5', `INSERT INTO vans VALUES (2, 'b')`);
  const number = await eventually(
    async () => (await list()).statements.find(({ state }) => state === 'stopped')?.number,
  );
  expect((await doubts()).told).toEqual([]);
  const chosen = { number, database: null };
  expect(await decide(world.open, contracts('apply'), chosen, 'apply', 60_000)).toMatchObject({ state: 'applied' });
  expect(await doubts()).toEqual({
    told: [expect.stringContaining(`by consent (statement ${number})`)],
    compares: true,
  });
  await expect(apply('apply')).rejects.toMatchObject({ code: 'STREAM_BROKEN', seen: expect.stringContaining('vans') });
  await execute(await world.clone('shop'), ['UPDATE vans SET z = 5 WHERE id = 1']);
  expect(await apply('apply')).toBe('applied');
  expect(await doubts()).toEqual({ told: [], compares: false });
  await equal('vans');
});

stage('switched off, what was on its way is carried out all the same, and nothing of it is left', async () => {
  const inTheWay = await world.clone('shop');
  await inTheWay.query('BEGIN');
  await inTheWay.query('LOCK TABLE parcels');
  await onSource(
    'INSERT INTO parcels (weight) VALUES (6)',
    'ALTER TABLE parcels ADD COLUMN late int DEFAULT 7 NOT NULL',
    'INSERT INTO parcels (weight, late) VALUES (7, 8)',
  );
  const off = apply();
  try {
    const source = await world.source('shop');
    await eventually(
      async () => (await source.query(`SELECT FROM pg_namespace WHERE nspname = 'acas_demo_shop_ddl'`)).rowCount === 0,
    );
  } finally {
    await inTheWay.query('ROLLBACK');
    await inTheWay.end();
  }
  expect(await off).toBe('applied');
  await equal('parcels');
  expect(await ids()).toEqual([]);
  await expect(readDdl(world.open, contracts(), 1)).rejects.toMatchObject({ code: 'DDL_NOT_FOLLOWED' });
  await onSource('INSERT INTO parcels (weight) VALUES (6)');
  await equal('parcels');
});
