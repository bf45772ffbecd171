import { formatMark } from '../../../sql-runner/model/mark';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import type { OptionName } from '../../../sql-runner/postgres/catalog/subscription-options';
import { definition, sent, type Edit, type Fires } from './provocations';

/** Each attribute of a subscription, as somebody may have left it. */
const OTHERS: Readonly<Record<Exclude<OptionName, 'password_required'>, string>> = {
  owner: 'somebody',
  publication: '["acas_demo_shop", "another"]',
  slot_name: 'NONE',
  synchronous_commit: 'on',
  binary: 'true',
  streaming: 'parallel',
  two_phase: 'true',
  disable_on_error: 'true',
  skip_lsn: '0/1234',
  run_as_owner: 'true',
  origin: 'none',
  failover: 'true',
};
/** While it was so, changes may have been left out. */
const LOSES = ['publication', 'slot_name', 'skip_lsn', 'origin', 'two_phase', 'failover'];

const is =
  (name: OptionName, value: string, more: Edit = () => undefined): Edit =>
  (world) => {
    world.target.databases.shop!.subscriptionOptions[0]!.values[name] = value;
    more(world);
  };

export const FIRES_ON_OPTIONS: readonly Fires[] = [
  ...Object.entries(OTHERS).map(([name, value]): Fires => {
    const next = `run sql-runner apply demo, which puts it back${LOSES.includes(name) ? ', and compares every row' : ''}`;
    return ['SUBSCRIPTION_ALTERED', 'block', is(name as OptionName, value), next];
  }),
  [
    'SUBSCRIPTION_ALTERED',
    'block',
    is('password_required', 'false', ({ target }) => (target.databases.shop!.subscriptionOptions[0]!.superuser = true)),
    'run sql-runner apply demo',
  ],
  [
    'SUBSCRIPTION_FOR_SUPERUSERS',
    'block',
    is('password_required', 'false'),
    'ALTER SUBSCRIPTION "acas_demo_shop" SET (password_required = true);',
  ],
  [
    'SUBSCRIPTION_NOT_OWNED',
    'block',
    is('owner', 'somebody', ({ target }) => (target.databases.shop!.subscriptionOptions[0]!.mayAlter = false)),
    'ALTER SUBSCRIPTION "acas_demo_shop" OWNER TO "master";',
  ],
  [
    'TABLE_SUBSCRIBED_TWICE',
    'block',
    ({ target }) => {
      const { taken } = target.databases.shop!;
      target.databases.shop!.taken.push({ ...taken[0]!, subscription: 'their"s' });
    },
    'DROP SUBSCRIPTION "their""s";',
  ],
  [
    'NEW_TABLE_ARRIVING',
    'block',
    ({ source, target }) => {
      source.databases.shop!.sent.push(sent);
      target.databases.shop!.definitions.push(definition);
      const options = target.databases.shop!.subscriptionOptions.find(({ name }) => name === 'acas_demo_shop')!;
      options.comment = formatMark({ ...SUBSCRIPTION_MARK, added: [{ oid: 700, schema: 'parts', name: 'orders_9' }] });
      target.databases.shop!.taken.push({ ...sent, subscription: 'acas_demo_shop', table: 700, state: 'd' });
    },
    'sql-runner apply demo',
  ],
  [
    'TABLES_LEFT',
    'info',
    ({ target }) => {
      target.databases.shop!.definitions.push(definition);
      const options = target.databases.shop!.subscriptionOptions.find(({ name }) => name === 'acas_demo_shop')!;
      const left = [{ oid: 700, schema: 'parts', name: 'orders_9', at: '2026-03-01T10:00:00.000Z' }];
      options.comment = formatMark({ ...SUBSCRIPTION_MARK, left });
    },
    'DROP TABLE "parts"."orders_9";',
  ],
];
