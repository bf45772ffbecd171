import { isCtyObject, UNKNOWN, type CtyObject } from './cty/type';

/**
 * `tags` are the resource's own, `tags_all` those and the provider's `default_tags`.
 * AWS knows only the second.
 * @see https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs/guides/resource-tagging
 */
export function planTags(planned: CtyObject, defaultTags: Readonly<Record<string, string>>): void {
  if (!('tags' in planned) || !('tags_all' in planned)) return;
  const own = planned.tags;
  planned.tags_all = own === UNKNOWN ? UNKNOWN : { ...defaultTags, ...(isCtyObject(own) ? own : {}) };
}

/** Puts tags read from AWS into the state: a default tag is the resource's own only if it was so before. */
export function splitTags(state: CtyObject, before: CtyObject, defaultTags: Readonly<Record<string, string>>): void {
  if (!('tags' in state) || !isCtyObject(state.tags_all)) return;
  const previous = isCtyObject(before.tags) ? before.tags : {};
  const own = Object.entries(state.tags_all).filter(([key, value]) => defaultTags[key] !== value || key in previous);
  state.tags = own.length === 0 && before.tags === null ? null : Object.fromEntries(own);
}
