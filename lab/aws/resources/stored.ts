import type { Scope } from '../operation';
import { text, type Attributes, type ResourceHandler } from './handler';

/** Of a type that nothing in the lab acts upon. */
export interface Stored {
  /** The id among the type's, of what is asked for. */
  readonly id: (config: Attributes) => string;
  /** What AWS adds to that. */
  readonly computed: (scope: Scope, id: string) => Attributes;
  /** What AWS refuses when it is made or changed. */
  readonly check?: (scope: Scope, config: Attributes) => void;
  /** What AWS refuses when it is deleted. */
  readonly keep?: (scope: Scope, id: string) => void;
}

/** Alarms, rules and dashboards are kept as they were asked for; what AWS refuses of them is refused. */
export function stored(type: string, { id, computed, check, keep }: Stored): ResourceHandler {
  const put = (scope: Scope, config: Attributes): Attributes => {
    check?.(scope, config);
    const own = id(config);
    const attributes = { ...config, id: own, ...computed(scope, own) };
    all(scope, type)[own] = attributes;
    return attributes;
  };
  return {
    create: put,
    read: (scope, prior) => all(scope, type)[text(prior, 'id')] ?? null,
    update: put,
    delete(scope, prior) {
      keep?.(scope, text(prior, 'id'));
      delete all(scope, type)[text(prior, 'id')];
    },
  };
}

/** Those of an account, by id. */
export function all({ account }: Pick<Scope, 'account'>, type: string): Record<string, Attributes> {
  account.stored ??= {};
  return (account.stored[type] ??= {});
}
