import type { ForeignHeartbeat } from '../../../../sql-runner/model/heartbeat-facts';
import type { Observation } from '../../../../sql-runner/model/observation';
import type { MarkedRole } from '../../../../sql-runner/postgres/catalog/roles';
import { findInheritedOfOthers } from '../../../../sql-runner/resources/fresh-clone/inherited-of-others';
import { formatMark } from '../../../../sql-runner/model/mark';
import { sourceContract } from '../../support/contract';
import { type Draft, edit, following } from '../../support/observations';

/** A clone of a source that has two environments: only what the source has too is called a copy, and told to be dropped. */
const contract = sourceContract(['shop', 'ledger']);
const role = (environment: string, overrides: Partial<MarkedRole> = {}): MarkedRole => ({
  name: 'acas_staging',
  comment: formatMark({ kind: 'role', environment }),
  connectGrants: ['shop'],
  ...overrides,
});
const beat = (schema: string, table: string | null, environment = 'staging'): ForeignHeartbeat => ({
  environment,
  schema,
  table,
});

interface Side {
  readonly roles?: readonly MarkedRole[];
  readonly heartbeats?: readonly ForeignHeartbeat[];
}
const pair = (source: Side, target: Side, change: (draft: Draft<Observation>) => void = () => undefined): Observation =>
  edit(following(contract), (draft) => {
    Object.assign(draft.source, { markedRoles: source.roles ?? [] });
    Object.assign(draft.target!, { markedRoles: target.roles });
    Object.assign(draft.source.databases.shop!, { heartbeatsOfOthers: source.heartbeats });
    Object.assign(draft.target!.databases.shop!, { heartbeatsOfOthers: target.heartbeats });
    change(draft);
  });
const told = ({ source, target }: Observation) =>
  findInheritedOfOthers(contract, source, target).map(({ code, severity, seen, next }) => [code, severity, seen, next]);

const ROLE_LEFT = [
  'INHERITED_ROLE_LEFT',
  'warn',
  'the clone has a copy of role acas_staging, the replication role of environment staging on the source',
  'in database shop on the clone: REVOKE CONNECT ON DATABASE "shop" FROM "acas_staging"; DROP ROLE "acas_staging";',
];
const staging = role('staging');
const other = { comment: formatMark({ kind: 'heartbeat', environment: 'staging' }) };

test.each<[string, Side, Side, string[][]]>([
  ['as the source has it', { roles: [staging] }, { roles: [staging] }, [ROLE_LEFT]],
  ['that the clone has not', { roles: [staging] }, { roles: [] }, []],
  ['that nobody looked for on the clone', { roles: [staging] }, {}, []],
  ['that the clone alone has', { roles: [] }, { roles: [staging] }, []],
  ['of another name', { roles: [role('staging', { name: 'x' })] }, { roles: [staging] }, []],
  ['of a third environment there', { roles: [role('third')] }, { roles: [staging] }, []],
  ['whose mark on the source is none of a role', { roles: [role('', other)] }, { roles: [staging] }, []],
  ['whose mark on the clone is none of a role', { roles: [staging] }, { roles: [role('', other)] }, []],
  ['with the marks of something else', { roles: [role('', other)] }, { roles: [role('', other)] }, []],
  ['of our own environment', { roles: [role('demo')] }, { roles: [role('demo')] }, []],
])('a role %s', (_, source, target, expected) => {
  expect(told(pair(source, target))).toEqual(expected);
});

test('a role is dropped from any database of ours that is there, else from another one; from none, nothing is told', () => {
  const place = (there: readonly string[], elsewhere?: string) =>
    told(
      pair({ roles: [staging] }, { roles: [staging] }, ({ target }) => {
        for (const [name, database] of Object.entries(target!.databases)) database.exists = there.includes(name);
        Object.assign(target!, { elsewhere });
      }),
    ).map(([, , , next]) => next!.split(':')[0]);
  expect(place(['ledger'])).toEqual(['in database ledger on the clone']);
  expect(place([], 'postgres')).toEqual(['in database postgres on the clone']);
  expect(place([])).toEqual([]);
});

const inShop = (schema: string, next: string, environment = 'staging') => [
  'INHERITED_HEARTBEAT_LEFT',
  'info',
  `database shop of the clone has a copy of heartbeat ${schema} of environment ${environment}`,
  `in database shop on the clone: ${next}`,
];
const whole = [beat('s', 'acas_heartbeat'), beat('s', null)];
const DROPS = 'DROP TABLE "s"."acas_heartbeat"; DROP SCHEMA "s";';

test.each<[string, Side, Side, string[][]]>([
  ['as the source has it', { heartbeats: whole }, { heartbeats: whole }, [inShop('s', DROPS)]],
  ['that the clone alone has', {}, { heartbeats: whole }, []],
  ['that the source alone has', { heartbeats: whole }, {}, []],
  [
    'of which the table alone is a copy',
    { heartbeats: whole.slice(0, 1) },
    { heartbeats: whole },
    [inShop('s', 'DROP TABLE "s"."acas_heartbeat";')],
  ],
  [
    'of which the schema alone is left',
    { heartbeats: whole },
    { heartbeats: whole.slice(1) },
    [inShop('s', 'DROP SCHEMA "s";')],
  ],
  [
    'beside one of a third environment',
    { heartbeats: [...whole, beat('t', null, 'third')] },
    { heartbeats: [...whole, beat('t', null, 'third')] },
    [inShop('s', DROPS), inShop('t', 'DROP SCHEMA "t";', 'third')],
  ],
])('a heartbeat %s', (_, source, target, expected) => {
  expect(told(pair(source, target))).toEqual(expected);
});

test('both are told together; of no clone, and of one that is the source by another address, nothing', () => {
  const all = { roles: [staging], heartbeats: whole };
  const observation = pair(all, all);
  expect(told(observation).map(([code]) => code)).toEqual(['INHERITED_ROLE_LEFT', 'INHERITED_HEARTBEAT_LEFT']);
  expect(told(pair(all, all, ({ target }) => (target!.isSourceServer = true)))).toEqual([]);
  expect(told({ ...observation, target: null })).toEqual([]);
});
