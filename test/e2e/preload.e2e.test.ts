import { RDSClient, RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectBy } from '../../lab/connections';
import type { Side } from '../../lab/lab';
import { clientOf } from '../lab/aws/support';
import { printedDeploy } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { DirectLab, refusalOf } from './support/direct-lab';
import { diagnosisOf } from './support/looks';
import { execute } from './support/provocations';
import { stagesInOrder } from './support/in-order';

/** An extension of production that makes every DDL of a clone fail whose server has not preloaded it, as pgaudit does. */

const stage = stagesInOrder();
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('preload', { databases: ['shop'] });
});
afterAll(() => world?.lab.down());

const asAdmin = async (side: Side, ...statements: string[]) =>
  execute(await connectBy((database) => world.lab.adminConnection(side, database))('shop'), statements);
const slotsOfClone = async () => execute(await world.clone('shop'), ['SELECT slot_name FROM pg_replication_slots']);

/** What pgaudit does in a server that has not preloaded it, but for production, where it is. */
async function auditProduction(): Promise<void> {
  const [row] = await asAdmin('source', 'SHOW data_directory');
  const lacks = `current_setting('data_directory') <> '${String(row!.data_directory)}' AND current_setting('shared_preload_libraries') !~ 'pgaudit'`;
  await asAdmin(
    'source',
    `INSERT INTO pg_extension SELECT '999999', 'pgaudit', '10', '2200', false, '17', NULL, NULL`,
    `CREATE FUNCTION pgaudit_ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
       BEGIN IF ${lacks} THEN RAISE 'pgaudit must be loaded via shared_preload_libraries'; END IF; END $$`,
    `CREATE EVENT TRIGGER pgaudit_ddl ON ddl_command_end EXECUTE FUNCTION pgaudit_ddl()`,
    `ALTER EXTENSION pgaudit ADD EVENT TRIGGER pgaudit_ddl`,
  );
}

/** A library of that name, which the lab's servers do not have: another one in its place. */
async function preload(): Promise<void> {
  const [row] = await asAdmin(
    'clone',
    `SELECT setting AS libraries, current_setting('data_directory') AS data FROM pg_config WHERE name = 'PKGLIBDIR'`,
  );
  const library = join(String(row!.data), 'pgaudit');
  copyFileSync(join(String(row!.libraries), 'auto_explain.so'), `${library}.so`);
  await asAdmin('clone', `ALTER SYSTEM SET shared_preload_libraries = '${library}'`);
  const { targetAccount } = world.contract;
  const [writer] = Object.keys(world.lab.state.world.accounts[targetAccount.accountId]!.instances);
  const rds = new RDSClient(clientOf(world.lab, targetAccount.accountId));
  await rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: writer }));
  const [loads] = await eventually(() => asAdmin('clone', 'SHOW shared_preload_libraries').catch(() => undefined));
  expect(loads!.shared_preload_libraries).toContain('pgaudit');
}

stage('plan and doctor stop before the clone is touched: the inherited slot stays', async () => {
  await execute(await world.source('shop'), ['CREATE TABLE orders (id bigint PRIMARY KEY)']);
  await auditProduction();
  expect(await refusalOf(world.run('apply'))).toBe('nothing was refused');
  await world.deployTarget();
  const { findings, changes } = await world.plan();
  expect(findings.filter(({ severity }) => severity === 'block').map(({ code }) => code)).toEqual([
    'EXTENSION_NOT_PRELOADED',
  ]);
  expect(changes).toEqual([]);
  const { results } = await diagnosisOf(world);
  expect(results.filter(({ status }) => status === 'fail').map(({ code }) => code)).toContain(
    'EXTENSION_NOT_PRELOADED',
  );
  expect(await refusalOf(world.run('apply'))).toBe('EXTENSION_NOT_PRELOADED');
  expect(await slotsOfClone()).toHaveLength(1);
});

stage('with the library, which the stack that is printed gives to the group, it is connected', async () => {
  const [finding] = (await world.plan()).findings.filter(({ code }) => code === 'EXTENSION_NOT_PRELOADED');
  expect(printedDeploy(finding!, 'EXTENSION_NOT_PRELOADED')).toBe(world.contract.stacks.target);
  await preload();
  expect(await refusalOf(world.run('apply'))).toBe('nothing was refused');
  expect(await slotsOfClone()).toEqual([]);
});
