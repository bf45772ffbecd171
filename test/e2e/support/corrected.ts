import type { Selection, SourceContract } from '../../../contract/contract';
import { editedText, errorOf, loadText } from '../../environments/edited-environment';
import { printedAwsCommand, printedRun, printedSetting } from '../../sql-runner/checks/printed-fix';
import { makePlan } from '../../../sql-runner/actions/run';
import { openConnections } from '../../../sql-runner/connections/open';
import type { AwsWorld } from './aws-world';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/**
 * The group goes back once somebody else's slot has gone and the printed teardown has run. A slot that teardown drops
 * itself, here one with which our subscription copied a table, keeps it from nothing.
 */
export async function keptGroup(world: DirectLab, aws: AwsWorld, cluster: string): Promise<void> {
  const kept = async () =>
    (await world.plan('teardown')).findings.filter(({ code }) => code === 'PARAMETER_GROUP_KEPT');
  const oid =
    'SELECT oid::text FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())';
  const { rows } = await (await world.clone('ledger')).query<{ oid: string }>(oid);
  await execute(await world.source('ledger'), [
    `SELECT pg_create_logical_replication_slot('pg_${rows[0]!.oid}_sync_1_1', 'pgoutput')`,
  ]);
  const [finding] = await kept();
  expect(finding!.seen).toContain('slot reports is not dropped by this teardown');
  await keptForRoom(world, aws);
  expect(await world.run('teardown')).toBe('applied');
  expect((await kept()).map(({ seen }) => seen)).toEqual([finding!.seen]);
  await execute(await world.source('shop'), [`SELECT pg_drop_replication_slot('reports')`]);
  expect(await world.follow(printedRun(finding!, 'PARAMETER_GROUP_KEPT'))).toBe('applied');
  expect(await kept()).toEqual([]);
  expect(await aws.parameterGroup(cluster)).toBe(world.contract.parameterGroup.previous);
}

/** A group of before that is logical itself, and has room for fewer slots than stay. */
async function keptForRoom({ contract, source }: DirectLab, aws: AwsWorld): Promise<void> {
  const values = { 'rds.logical_replication': '1', max_replication_slots: '5' };
  await aws.setGroup('source', 'narrow', values, false);
  const narrow = { ...contract, parameterGroup: { ...contract.parameterGroup, previous: 'narrow' } };
  const teardown = () => makePlan(openConnections, { source: narrow, target: null }, 'teardown');
  const others = `generate_series(1, 5) AS n(number)`;
  await execute(await source('shop'), [
    `SELECT pg_create_logical_replication_slot('other_' || number, 'pgoutput') FROM ${others}`,
  ]);
  const [kept] = (await teardown()).findings.filter(({ code }) => code === 'PARAMETER_GROUP_KEPT');
  expect(kept!.why).toContain('narrow has room for 5 slots');
  await execute(await source('shop'), [`SELECT pg_drop_replication_slot('other_' || number) FROM ${others}`]);
  expect((await teardown()).changes.map(({ id }) => id)).toContain('source/parameter-group/narrow');
}

/** An environment file that is refused is taken with what AWS shows, or with the value that is printed. */
export async function correctedFile(aws: AwsWorld): Promise<void> {
  const group = (name: string) =>
    editedText(['parameterGroup: default.aurora-postgresql17', `parameterGroup: ${name}`]);
  const unknown = errorOf(() => loadText(group('Default group')));
  const shown = JSON.stringify(await aws.carryOut('source', printedAwsCommand(unknown, 'BAD_IDENTIFIER')));
  const [, name] = /"DBClusterParameterGroup":"([^"]+)"/.exec(shown)!;
  expect(loadText(group(name!)).source.cluster.parameterGroup).toBe(name);
  const clone = (instanceClass: string) =>
    editedText([
      'instanceClass: db.r6g.large',
      `instanceClass: ${instanceClass}\n    serverlessV2: { minCapacity: 1, maxCapacity: 2 }`,
    ]);
  const { value } = printedSetting(
    errorOf(() => loadText(clone('db.r6g.large'))),
    'SERVERLESS_MISMATCH',
  );
  expect(loadText(clone(value)).target.clone.instanceClass).toBe('db.serverless');
}

/** Both links, of which that of the database, or one in its place, selects something else. */
export function linksWith(contract: SourceContract, database: string, selection: Selection): SourceContract['links'] {
  const [shop, ledger] = contract.links;
  const [link, kept] = database === 'ledger' ? [ledger!, shop!] : [shop!, ledger!];
  return [{ ...link, database, streams: [{ ...link.streams[0]!, selection }] }, kept];
}

/** @param printed the commands of `make a new clone`, each as its words */
export async function newCloneAsPrinted(world: DirectLab, printed: readonly (readonly string[])[]): Promise<void> {
  const [reset, deploy, apply] = printed;
  await world.follow(reset!);
  expect(deploy).toEqual(['deploy', world.contract.stacks.target]);
  await world.deployTarget();
  await world.follow(apply!);
}
