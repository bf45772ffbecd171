import type { Problem } from '../../errors/problem';
import type { Environment } from '../schema';

/** Set by the stacks themselves: the first two on everything, Name on the peering. */
const RESERVED_TAGS = ['Project', 'Environment', 'Name'] as const;
/** AWS lets an object have 50 (Tagging AWS resources, "Tag naming limits and requirements"). */
const MOST = 50 - RESERVED_TAGS.length;

/**
 * What each service in use takes: RDS the least (AddTagsToResource, Tag). No $, { or % among them, so that Terraform finds
 * no expression in a tag.
 */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAKEN = 'letters, digits, spaces and _ . : / = + - @';
const REFUSED = 'AWS would refuse it in the middle of an apply.';

/** Tags of a side that AWS would refuse, or that something else here decides. */
export function tagRules(environment: Environment): Problem[] {
  return (['source', 'target'] as const).flatMap((side) => {
    const tags = Object.entries(environment[side].tags);
    return [
      ...countRule(side, tags.length),
      ...tags.flatMap((tag) => keyRule(side, tag) ?? valueRule(side, tag) ?? []),
    ];
  });
}

function countRule(side: string, count: number): Problem[] {
  if (count <= MOST) return [];
  const seen = `${side}.tags has ${count} tags; ${MOST} fit.`;
  const why = `An object has at most 50, and the stacks set ${RESERVED_TAGS.join(', ')} themselves.`;
  return [{ code: 'BAD_TAG', seen, why, next: 'Remove those that nobody reads.', path: [side, 'tags'], atKey: true }];
}

function keyRule(side: string, [key]: [string, string]): Problem | undefined {
  const place = { path: [side, 'tags', key], atKey: true };
  const reserved = RESERVED_TAGS.find((name) => name.toLowerCase() === key.toLowerCase());
  if (reserved !== undefined) {
    return {
      code: 'TAG_RESERVED',
      seen: `${side}.tags has the key "${key}".`,
      why: `The stacks set ${reserved} themselves, and by it one tells what belongs to which environment.`,
      next: 'Choose another key, as in Team.',
      ...place,
    };
  }
  const wrong = isOfAws(key)
    ? 'begins with aws:, which AWS keeps for itself'
    : key === ''
      ? 'is empty'
      : misfit(key, 128);
  if (wrong === undefined) return undefined;
  const next = `Use 1 to 128 ${TAKEN}, as in CostCenter.`;
  return { code: 'BAD_TAG', seen: `The key "${shortened(key)}" ${wrong}.`, why: REFUSED, next, ...place };
}

function valueRule(side: string, [key, value]: [string, string]): Problem | undefined {
  const place = { path: [side, 'tags', key] };
  if (value === '') {
    // https://github.com/hashicorp/terraform-provider-aws/issues/42247
    return {
      code: 'BAD_TAG',
      seen: `The tag "${key}" is empty.`,
      why: 'With an empty one among the default tags, the AWS provider plans to remove other tags.',
      next: 'Give it a value, as in "true", or remove the line.',
      ...place,
    };
  }
  const wrong = isOfAws(value) ? 'begins with aws:, which AWS keeps for itself' : misfit(value, 256);
  if (wrong === undefined) return undefined;
  const next = `Use 1 to 256 ${TAKEN}.`;
  return {
    code: 'BAD_TAG',
    seen: `The tag "${key}" is "${shortened(value)}", which ${wrong}.`,
    why: REFUSED,
    next,
    ...place,
  };
}

/** In any spelling, of keys and of values. */
const isOfAws = (text: string): boolean => /^aws:/i.test(text);

function misfit(text: string, most: number): string | undefined {
  const { length } = [...text];
  if (length > most) return `has ${length} characters; ${most} fit`;
  const other = [...text].find((character) => !CHARACTERS.test(character));
  return other === undefined ? undefined : `has a ${JSON.stringify(other)} in it`;
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
