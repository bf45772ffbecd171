import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import { text, type Attributes, type ResourceHandler } from './handler';

/** A type of which the lab keeps what is stated, once it has looked whether AWS would take it. */
export interface KeptType {
  readonly id: (config: Attributes) => string;
  /** What AWS adds. */
  readonly computed?: (scope: Scope, id: string, config: Attributes) => Attributes;
  /** @throws AwsError where AWS would refuse it */
  readonly check?: (scope: Scope, config: Attributes) => void;
  /** @throws AwsError where AWS would refuse to delete it */
  readonly checkDelete?: (scope: Scope, id: string) => void;
}

export function kept(type: string, { id: idOf, computed, check, checkDelete }: KeptType): ResourceHandler {
  const put = (scope: Scope, id: string, config: Attributes): Attributes => {
    check?.(scope, config);
    const stated = Object.fromEntries(Object.entries(config).filter(([, value]) => value != null));
    const thing = { ...stated, ...computed?.(scope, id, config), id };
    keptOf(scope, type)[id] = thing;
    return thing;
  };
  return {
    create(scope, config) {
      const id = idOf(config);
      if (keptOf(scope, type)[id] !== undefined)
        throw new AwsError('AlreadyExists', `${type} ${id} exists already.`, 409);
      return put(scope, id, config);
    },
    read: (scope, prior) => keptOf(scope, type)[text(prior, 'id')] ?? null,
    update: (scope, config, prior) => put(scope, text(prior, 'id'), config),
    delete(scope, prior) {
      checkDelete?.(scope, text(prior, 'id'));
      delete keptOf(scope, type)[text(prior, 'id')];
    },
  };
}

/** What there is of a type, by id. */
export function keptOf({ account }: Scope, type: string): Record<string, Record<string, unknown>> {
  account.kept ??= {};
  return (account.kept[type] ??= {});
}

/** @throws AwsError where there is none of this id */
export function existing(scope: Scope, type: string, id: string, code: string): Attributes {
  const found = keptOf(scope, type)[id];
  if (found === undefined) throw new AwsError(code, `${type} ${id} does not exist.`, 404);
  return found;
}
