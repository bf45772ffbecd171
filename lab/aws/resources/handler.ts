import { AwsError } from '../aws-error';
import type { Scope } from '../operation';

/** Attributes of a Terraform resource under the provider's own names; blocks are lists of objects. */
export type Attributes = Readonly<Record<string, unknown>>;

type Answer<T> = T | Promise<T>;

/**
 * One resource type. `create` and `update` get the planned state and answer with
 * the computed and current attributes; `read` answers null when the thing is gone.
 */
export interface ResourceHandler {
  create(scope: Scope, config: Attributes): Answer<Attributes>;
  read(scope: Scope, prior: Attributes): Answer<Attributes | null>;
  update(scope: Scope, config: Attributes, prior: Attributes): Answer<Attributes>;
  delete(scope: Scope, prior: Attributes): Answer<void>;
}

export type DataHandler = (scope: Scope, config: Attributes) => Answer<Attributes>;

/** For resources of which every argument forces replacement: Terraform never updates them but for tags. */
export function unchanged(handler: { read: ResourceHandler['read'] }): ResourceHandler['update'] {
  return async (scope, _config, prior) => (await handler.read(scope, prior)) ?? prior;
}

export function text(attributes: Attributes, name: string): string {
  const value = optionalText(attributes, name);
  if (value === undefined) throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
}

/** A string argument; absent, null and empty are the same to the provider. */
export function optionalText(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(attributes: Attributes, name: string): string[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function blocks(attributes: Attributes, name: string): Attributes[] {
  const value = attributes[name];
  return Array.isArray(value) ? (value as Attributes[]) : [];
}

/** The tags of a resource, with those of the provider's `default_tags` when it merged them into `tags_all`. */
export function tagsOf(attributes: Attributes): Record<string, string> {
  return {
    ...((attributes.tags ?? {}) as Record<string, string>),
    ...((attributes.tags_all ?? {}) as Record<string, string>),
  };
}

/** `name`, or `name_prefix` made unique, as the provider does. */
export function nameFrom(attributes: Attributes): string {
  const name = optionalText(attributes, 'name');
  if (name !== undefined) return name;
  return `${optionalText(attributes, 'name_prefix') ?? 'terraform-'}${Date.now().toString(36)}`;
}
