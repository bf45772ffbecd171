import { refusedValue } from '../../environments/parameters/value';
import { AwsError } from './aws-error';
import { findParameter, parametersOf } from './parameter-catalog';
import type { Account, Cluster, ParameterGroup } from './world';

type Parameters = ParameterGroup['parameters'];
type Waiting = NonNullable<Cluster['waitingParameters']>;

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

/** Refuses what RDS refuses: names that the family does not have, values, and a static parameter to be applied at once. */
export function checkParameter(family: string, name: string, value: string, applyMethod: string): void {
  const definition = findParameter(family, name);
  if (definition === undefined) {
    throw new AwsError('InvalidParameterValue', `Could not find parameter with name: ${name}`);
  }
  if (definition.takes === null) {
    throw new AwsError('InvalidParameterValue', `The parameter ${name} cannot be modified.`);
  }
  const refused = refusedValue(definition.takes, value);
  if (refused !== undefined) {
    throw new AwsError('InvalidParameterValue', `Invalid parameter value: ${value} for: ${name}; ${refused.takes}`);
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
    const told = value === null ? null : toServer(value);
    if (setting !== null && told !== null) settings[setting] = told;
  }
  return settings;
}

/**
 * What of a group does not apply to a running server yet, after some of its values changed: dynamic parameters with
 * the method `pending-reboot` go on with their former values, as RDS does it (ModifyDBClusterParameterGroup). Static
 * ones are not among them: the server itself lets them wait.
 *
 * @param before the group's parameters before the change
 * @param waiting what waited already
 */
export function waitingParameters(group: ParameterGroup, before: Parameters, waiting: Waiting = {}): Waiting {
  const after: Waiting = { ...waiting };
  for (const name of new Set([...Object.keys(before), ...Object.keys(group.parameters)])) {
    const [was, is] = [before[name], group.parameters[name]];
    if (was?.value === is?.value || findParameter(group.family, name)?.applyType !== 'dynamic') continue;
    // A value that is taken out is reset with the method that it had.
    if ((is ?? was)?.applyMethod === 'immediate') delete after[name];
    else if (!(name in after)) after[name] = was ?? null;
  }
  return after;
}

/** The group as a running server has it, while some of its parameters wait. */
export function inForce(group: ParameterGroup, waiting: Waiting = {}): ParameterGroup {
  const parameters = { ...group.parameters };
  for (const [name, was] of Object.entries(waiting)) {
    if (was === null) delete parameters[name];
    else parameters[name] = was;
  }
  return { ...group, parameters };
}

export function clustersUsing(account: Account, groupName: string) {
  return Object.values(account.clusters).filter((cluster) => cluster.parameterGroup === groupName);
}
