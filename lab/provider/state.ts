import type { Behaviour } from './behaviour';
import { conform } from './cty/conform';
import { isCtyObject, UNKNOWN, type CtyObject, type CtyValue } from './cty/type';
import { impliedType, type BlockSchema } from './schema/model';

/** The value with everything unknown left out, for JSON. */
export function knownPart(value: CtyValue): unknown {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.filter((item) => item !== UNKNOWN).map(knownPart);
  if (!isCtyObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === UNKNOWN ? [] : [[key, knownPart(item)]])),
  );
}

/**
 * The state after AWS has answered: what it said over what was planned or stored.
 * An attribute that the schema does not have, or of another type, is an error
 * (CtyMismatch); what stays unknown after the answer is null.
 */
export function stateAfter(
  schema: BlockSchema,
  before: CtyObject,
  answer: Readonly<Record<string, unknown>>,
): CtyObject {
  const type = impliedType(schema);
  const answered = conform(answer, type) as CtyObject;
  const merged = Object.fromEntries(
    Object.keys(type[1]).map((name) => [name, (name in answer ? answered[name] : before[name]) ?? null]),
  );
  return withoutUnknown(withEmptyBlocks(schema, merged)) as CtyObject;
}

/** The same version, spelled as short as the configuration spells it: `17` for `17.4`. */
export function keepVersionPrefixes(behaviour: Behaviour, state: CtyObject, before: CtyObject): void {
  for (const name of behaviour.versionPrefix ?? []) {
    const [configured, actual] = [before[name], state[name]];
    if (typeof configured === 'string' && typeof actual === 'string' && actual.startsWith(`${configured}.`))
      state[name] = configured;
  }
}

/** Blocks that are absent are empty lists; Terraform does not take null for them. */
export function withEmptyBlocks(schema: BlockSchema, value: CtyObject): CtyObject {
  const filled = { ...value };
  for (const { name, nesting } of schema.blocks) if (nesting !== 'single') filled[name] ??= [];
  return filled;
}

/** What is known of something before it is read for the first time: Terraform reads it next. */
export function importedState(schema: BlockSchema, behaviour: Behaviour, id: string, region: string): CtyObject {
  const nothing = Object.fromEntries(Object.keys(impliedType(schema)[1]).map((name) => [name, null])) as CtyObject;
  return withEmptyBlocks(schema, {
    ...nothing,
    id,
    ...Object.fromEntries((behaviour.importId ?? []).map((name, index) => [name, id.split('_')[index] ?? null])),
    ...('region' in nothing ? { region } : {}),
    // No call tells how it is to be deleted; the provider assumes this (resourceClusterImport, rds/cluster.go).
    ...(behaviour.finalSnapshot === true ? { skip_final_snapshot: true } : {}),
  });
}

function withoutUnknown(value: CtyValue): CtyValue {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isCtyObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutUnknown(item)]));
}
