import type { Finding } from '../../../sql-runner/model/change';
import type { SourceContract } from '../../../contract/contract';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { printedAwsCommand, printedDeploy, printedSetting } from '../../sql-runner/checks/printed-fix';
import { diagnosisOf } from './looks';
import type { AwsWorld } from './aws-world';
import { refusalOf, type DirectLab } from './direct-lab';
import { SecondEnvironment } from './second-environment';

/**
 * Two environments on one cluster, of which one has attached its group: their plans have nothing to do at the same
 * time, and production restarts only when one needs more than is there.
 */
export async function takeNoTurns(world: DirectLab, aws: AwsWorld): Promise<void> {
  expect(await world.run('apply', { allowReboot: false })).toBe('nothing-to-do');
  const second = await SecondEnvironment.deploy(world, aws);
  const settled = async (notes: readonly [first: number, second: number]): Promise<void> => {
    for (const [index, plan] of [await world.plan(), await second.plan()].entries()) {
      const own = plan.findings.filter(({ code }) => code === 'PARAMETER_GROUP_SUFFICES');
      expect([plan.changes, own.length]).toEqual([[], notes[index]]);
    }
  };
  const before = await second.started();
  expect(await second.run('apply')).toBe('applied');
  await settled([0, 1]);
  expect(await second.started()).toBe(before);

  // One that needs more takes its own, with one restart, after which the first one needs none.
  await second.redeploy(sourceParameters(6));
  expect(await refusalOf(second.run('apply'))).toBe('CONSENT_MISSING');
  expect(await second.run('apply', true)).toBe('applied');
  await settled([1, 0]);
  const restarted = await second.started();
  await bringInLine(world, second);
  await settled([1, 0]);
  expect(await second.started()).toBe(restarted);
  await leaveRestart(world, aws, second);
  await settled([1, 0]);

  expect(await second.run('teardown')).toBe('applied');
  expect(await aws.parameterGroup(world.contract.cluster.identifier)).toBe(world.contract.parameterGroup.name);
  // Attached anew, and waiting for a restart by which nothing would change for it.
  expect((await world.plan()).changes).toEqual([]);
  const [pending] = await found(world.contract, 'SOURCE_REBOOT_PENDING');
  expect(pending!.next).not.toContain('sql-runner');
  await aws.carryOut('source', printedAwsCommand(pending!, 'SOURCE_REBOOT_PENDING'));
}

/** What both carry over to different values is brought in line as printed, not restarted to and fro. */
async function bringInLine(world: DirectLab, second: SecondEnvironment): Promise<void> {
  await second.redeploy({ ...sourceParameters(6), work_mem: '8192' });
  const { parameterGroup } = world.contract;
  const parameters: Record<string, string> = { ...parameterGroup.parameters, work_mem: '4096' };
  const first = { ...world.contract, parameterGroup: { ...parameterGroup, parameters } };
  const [unexpected] = await found(first, 'PARAMETER_GROUP_UNEXPECTED');
  const { name, value } = printedSetting(unexpected!, 'PARAMETER_GROUP_UNEXPECTED');
  parameters[name] = value;
  expect(await found(first, 'PARAMETER_GROUP_UNEXPECTED')).toEqual([]);
}

/** A restart that the group of the other one waits for is not that of the first one's apply. */
async function leaveRestart(world: DirectLab, aws: AwsWorld, second: SecondEnvironment): Promise<void> {
  await second.redeploy({ ...sourceParameters(6), max_connections: '150' });
  const [pending] = await found(world.contract, 'SOURCE_REBOOT_PENDING');
  expect((await world.plan()).changes).toEqual([]);
  const words = printedAwsCommand(pending!, 'SOURCE_REBOOT_PENDING');
  expect(pending!.next).not.toContain('sql-runner');
  await aws.carryOut('source', words);
  expect(await found(world.contract, 'SOURCE_REBOOT_PENDING')).toEqual([]);
}

/** A group that the environment does not know, with settings that it would lose. */
export async function unknownGroup({ contract }: DirectLab, aws: AwsWorld): Promise<void> {
  const { parameterGroup, cluster, stacks } = contract;
  await aws.setGroup('source', 'own', { log_min_duration_statement: '250' }, false);
  await aws.attachGroup(cluster.identifier, 'own');
  const [unexpected] = await found(contract, 'PARAMETER_GROUP_UNEXPECTED');
  const { value: previous } = printedSetting(unexpected!, 'PARAMETER_GROUP_UNEXPECTED');
  const named = { ...contract, parameterGroup: { ...parameterGroup, previous } };
  expect(await found(named, 'PARAMETER_GROUP_UNEXPECTED')).toEqual([]);
  const [lost] = await found(named, 'PARAMETERS_LOST');
  const [, name, set] = /sets (\w+)=(\w+);/.exec(lost!.seen)!;
  const parameters = sourceParameters(2, { [name!]: set! });
  expect(printedDeploy(lost!, 'PARAMETERS_LOST')).toBe(stacks.source);
  const carried = { ...contract, parameterGroup: { ...parameterGroup, previous, parameters } };
  expect(await found(carried, 'PARAMETERS_LOST')).toEqual([]);
}

async function found(source: SourceContract, code: string): Promise<Finding[]> {
  const { results } = await diagnosisOf({ contracts: { source, target: null } });
  return results.flatMap(({ findings }) => findings).filter((finding) => finding.code === code);
}
