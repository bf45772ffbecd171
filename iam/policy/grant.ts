/** Tests of a statement: by operator, the keys and what they must be. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Actions that are allowed on some ARNs. */
export interface Grant {
  /** What it is for; letters and digits. Grants of one purpose share statements where they can. */
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARNs, with `*` and `?`; `*` alone for actions that know no resources. */
  readonly on: readonly string[];
  readonly when?: Condition;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** As few statements as say the same: first those for the same actions, then those on the same resources. */
export function statementsOf(grants: readonly Grant[]): Statement[] {
  const condition = ({ when }: Grant) => JSON.stringify(when ?? null);
  const byActions = merged(
    grants,
    (grant) => [grant.sid, ...unique(grant.actions), condition(grant)].join(' '),
    (one, other) => ({ ...one, on: [...one.on, ...other.on] }),
  );
  const byResources = merged(
    byActions,
    (grant) => [grant.sid, ...unique(grant.on), condition(grant)].join(' '),
    (one, other) => ({ ...one, actions: [...one.actions, ...other.actions] }),
  );
  return byResources.map(({ sid, actions, on, when }, index) => ({
    Sid: sid + numberAmong(byResources, index),
    Effect: 'Allow',
    Action: unique(actions),
    Resource: unique(on),
    ...(when === undefined ? {} : { Condition: when }),
  }));
}

function merged(
  grants: readonly Grant[],
  key: (grant: Grant) => string,
  merge: (one: Grant, other: Grant) => Grant,
): Grant[] {
  const found = new Map<string, Grant>();
  for (const grant of grants) {
    const before = found.get(key(grant));
    found.set(key(grant), before === undefined ? grant : merge(before, grant));
  }
  return [...found.values()];
}

/** A Sid stands in a policy once. */
function numberAmong(grants: readonly Grant[], index: number): string {
  const before = grants.slice(0, index).filter(({ sid }) => sid === grants[index]!.sid).length;
  return before === 0 ? '' : String(before + 1);
}
