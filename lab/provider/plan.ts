import type { Behaviour } from './behaviour';
import { sameValue } from './cty/conform';
import { isCtyObject, UNKNOWN, type CtyObject, type CtyType, type CtyValue } from './cty/type';
import type { ValuePath } from './diagnostics';
import { impliedType, type AttributeSchema, type BlockSchema, type NestedBlockSchema } from './schema/model';
import { planTags } from './tags';

export interface PlanInput {
  readonly schema: BlockSchema;
  readonly behaviour: Behaviour;
  readonly config: CtyObject;
  /** The stored state; null for a resource that does not exist yet. */
  readonly prior: CtyObject | null;
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

export interface ResourcePlan {
  readonly planned: CtyObject;
  /** Arguments whose change needs a new resource. */
  readonly requiresReplace: readonly ValuePath[];
}

/**
 * What the resource will look like, as providers of the SDK generation plan it:
 * the configuration where it says something; else the documented default; else,
 * where AWS decides, what is there already or "known after apply".
 */
export function planResource(input: PlanInput): ResourcePlan {
  const { schema, behaviour, config, prior } = input;
  const planned = planBlock(schema, behaviour, config, prior, '');
  // Since 6.0 each resource has a Region of its own, the provider's by default, known at plan time.
  if ('region' in planned) planned.region = config.region ?? input.region;
  planTags(planned, input.defaultTags);
  for (const name of ['tags', 'tags_all']) keepEqual(planned, prior, schema, name);
  return { planned, requiresReplace: prior === null ? [] : replacements(schema, behaviour, planned, prior) };
}

function planBlock(
  schema: BlockSchema,
  behaviour: Behaviour,
  config: CtyObject,
  prior: CtyObject | null,
  prefix: string,
): CtyObject {
  const planned: CtyObject = {};
  for (const attribute of schema.attributes) {
    planned[attribute.name] = planAttribute(attribute, behaviour, config, prior, prefix + attribute.name);
  }
  for (const nested of schema.blocks) {
    planned[nested.name] = planNested(
      nested,
      behaviour,
      config[nested.name] ?? null,
      prior?.[nested.name] ?? null,
      prefix + nested.name,
    );
  }
  return planned;
}

function planAttribute(
  { name, type, computed }: AttributeSchema,
  behaviour: Behaviour,
  config: CtyObject,
  prior: CtyObject | null,
  path: string,
): CtyValue {
  if (behaviour.writeOnly?.includes(path)) return null;
  const before = prior?.[name] ?? null;
  const wanted = config[name] ?? behaviour.defaults?.[path] ?? null;
  if (prior !== null && typeof wanted === 'string' && behaviour.reportedAs?.[path]?.[wanted] === before) return before;
  if (wanted !== null) return prior !== null && isUnchanged(wanted, before, type) ? before : wanted;
  if (computed) return prior === null ? UNKNOWN : before;
  // These providers cannot tell an unset argument from an empty one, so neither is a change.
  return isEmpty(before) ? before : null;
}

const isUnchanged = (wanted: CtyValue, before: CtyValue, type: CtyType): boolean =>
  sameValue(wanted, before, type) || (before === null && isEmpty(wanted));

function isEmpty(value: CtyValue): boolean {
  if (value === UNKNOWN) return false;
  return isCtyObject(value) ? Object.keys(value).length === 0 : Array.isArray(value) ? value.length === 0 : !value;
}

function planNested(
  nested: NestedBlockSchema,
  behaviour: Behaviour,
  config: CtyValue,
  prior: CtyValue,
  path: string,
): CtyValue {
  if (config === UNKNOWN) return UNKNOWN;
  if (nested.nesting === 'single') {
    return isCtyObject(config)
      ? planBlock(nested.block, behaviour, config, isCtyObject(prior) ? prior : null, `${path}.`)
      : null;
  }
  const wanted = (config ?? []) as CtyValue[];
  const before = (Array.isArray(prior) ? prior : []) as CtyValue[];
  if (wanted.length === 0 && behaviour.computedBlocks?.includes(path)) return before;
  const planned = wanted.map((item, index) => {
    if (!isCtyObject(item)) return item;
    const match =
      nested.nesting === 'list' ? before[index] : before.find((candidate) => agrees(item, candidate, nested.block));
    return planBlock(nested.block, behaviour, item, isCtyObject(match) ? match : null, `${path}.`);
  });
  // Terraform shows a set in another order as a change, so an equal one keeps the order it has.
  const type: CtyType = [nested.nesting, impliedType(nested.block)];
  return sameValue(planned, before, type) ? before : planned;
}

/** Elements of a set have no key: the one before is the one that agrees in everything configured. */
function agrees(config: CtyObject, candidate: CtyValue, schema: BlockSchema): boolean {
  return (
    isCtyObject(candidate) &&
    schema.attributes.every(({ name, type }) => {
      const wanted = config[name] ?? null;
      return wanted === null || sameValue(wanted, candidate[name] ?? null, type);
    })
  );
}

function keepEqual(planned: CtyObject, prior: CtyObject | null, schema: BlockSchema, name: string): void {
  const attribute = schema.attributes.find((candidate) => candidate.name === name);
  if (attribute === undefined || prior === null) return;
  const [after, before] = [planned[name] ?? null, prior[name] ?? null];
  if (sameValue(after, before, attribute.type) || (isEmpty(after) && isEmpty(before))) planned[name] = before;
}

function replacements(schema: BlockSchema, behaviour: Behaviour, planned: CtyObject, prior: CtyObject): ValuePath[] {
  const types = impliedType(schema)[1];
  const names = ['region', ...(behaviour.forceNew ?? [])].filter((name) => types[name] !== undefined);
  return names
    .filter((name) => !sameValue(planned[name] ?? null, prior[name] ?? null, types[name]!))
    .map((name) => [name]);
}
