import { AwsError } from './aws-error';
import { findParameter, parametersOf } from './parameter-catalog';
import type { Account, ParameterGroup } from './world';

export function defaultGroupName(family: string): string {
  return `default.${family}`;
}

/** `17.10` → `aurora-postgresql17` */
export function familyOf(engineVersion: string): string {
  return `aurora-postgresql${engineVersion.split('.')[0]}`;
}

export function parameterGroup(account: Account, name: string): ParameterGroup {
  const group = account.parameterGroups[name];
  if (group === undefined) {
    throw new AwsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${name}`, 404);
  }
  return group;
}

/** A group can only serve clusters of its own major version. */
export function groupFor(account: Account, name: string, engineVersion: string): ParameterGroup {
  const group = parameterGroup(account, name);
  const family = familyOf(engineVersion);
  if (group.family !== family) {
    const message = `The Parameter Group ${name} with DBParameterGroupFamily ${group.family} can't be used for this cluster. Please use a Parameter Group with DBParameterGroupFamily ${family}`;
    throw new AwsError('InvalidParameterCombination', message);
  }
  return group;
}

/** Refuses parameters that the family does not have, and a static parameter to be applied at once. */
export function checkParameter(family: string, name: string, applyMethod: string): void {
  const definition = findParameter(family, name);
  if (definition === undefined) {
    throw new AwsError('InvalidParameterValue', `Could not find parameter with name: ${name}`);
  }
  if (definition.applyType === 'static' && applyMethod !== 'pending-reboot') {
    const message = `cannot use immediate apply method for static parameter: ${name}`;
    throw new AwsError('InvalidParameterCombination', message);
  }
}

/** What a server attached to the group runs with: server setting to value, defaults included. */
export function serverSettings(group: ParameterGroup): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const { name, default: initial, setting, toServer } of parametersOf(group.family)) {
    const value = group.parameters[name]?.value ?? initial;
    if (setting !== null && value !== null) settings[setting] = toServer === undefined ? value : toServer(value);
  }
  return settings;
}

export function clustersUsing(account: Account, groupName: string) {
  return Object.values(account.clusters).filter((cluster) => cluster.parameterGroup === groupName);
}
