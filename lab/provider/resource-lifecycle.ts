import { resourceBehaviour } from './behaviour';
import type { CtyObject } from './cty/type';
import { callDaemon, type DaemonAnswer } from './daemon-client';
import { ProviderError } from './diagnostics';
import type { BlockSchema } from './schema/model';
import type { ProviderSettings } from './settings';
import { keepVersionPrefixes, knownPart, stateAfter } from './state';
import { splitTags } from './tags';

/** One resource, data source or change of them, with the provider that it belongs to. */
export interface Target {
  readonly type: string;
  readonly schema: BlockSchema;
  readonly settings: ProviderSettings;
}

/** The current state of a stored resource; null when it is gone. */
export async function readResource(target: Target, stored: CtyObject): Promise<CtyObject | null> {
  const answer = await call(target, 'read', null, stored);
  if (answer === null) return null;
  const state = stateAfter(target.schema, stored, answer);
  if ('tags_all' in answer) splitTags(state, stored, target.settings.defaultTags);
  keepVersionPrefixes(resourceBehaviour(target.type), state, stored);
  return state;
}

/** Creates (no prior) or updates; the state afterwards. */
export async function writeResource(target: Target, planned: CtyObject, prior: CtyObject | null): Promise<CtyObject> {
  const answer = await call(target, prior === null ? 'create' : 'update', planned, prior);
  if (answer === null) throw new ProviderError(`The lab lost ${target.type}`, 'It was gone right after the change.');
  const { tags: _tags, tags_all: _tagsAll, ...attributes } = answer;
  const state = stateAfter(target.schema, planned, attributes);
  keepVersionPrefixes(resourceBehaviour(target.type), state, planned);
  if ('id' in state && typeof state.id !== 'string') {
    throw new ProviderError('The lab gave no id', `A new ${target.type} needs an id, and the answer had none.`);
  }
  return state;
}

export async function deleteResource(target: Target, stored: CtyObject): Promise<void> {
  const isKept = stored.skip_final_snapshot !== true && (stored.final_snapshot_identifier ?? '') === '';
  if (resourceBehaviour(target.type).finalSnapshot === true && isKept) {
    throw new ProviderError(
      'RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false',
      'Set one of them and apply before destroying the cluster.',
    );
  }
  await call(target, 'delete', null, stored);
}

/** Reads a data source; its arguments already have their defaults. */
export async function readDataSource(target: Target, config: CtyObject): Promise<CtyObject> {
  const answer = await call(target, 'data', config, null);
  if (answer === null)
    throw new ProviderError(`No matching ${target.type} found`, 'Check the arguments of the data source.');
  return stateAfter(target.schema, config, answer);
}

async function call(
  { type, schema, settings }: Target,
  operation: 'create' | 'read' | 'update' | 'delete' | 'data',
  config: CtyObject | null,
  prior: CtyObject | null,
): Promise<DaemonAnswer> {
  const own = (config ?? prior)?.region;
  const answer = await callDaemon(settings, typeof own === 'string' ? own : settings.region, {
    operation,
    type,
    config: config === null ? null : knownPart(config),
    prior: prior === null ? null : knownPart(prior),
  });
  if (answer === null || schema.attributes.some(({ name }) => name === 'region')) return answer;
  // The lab always says where it answered; the types of global services have no attribute for it.
  const { region: _region, ...attributes } = answer;
  return attributes;
}
