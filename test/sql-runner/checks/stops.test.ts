import type { Code } from '../../../errors/codes';
import type { Step } from '../../../sql-runner/model/change';
import { FIRES } from './fires';
import { after } from './provocations';

/** What each step of a plan must not be taken with. Whatever is not said of a step, a plan with it goes on. */
const PREPARING = [
  'ENGINE_TOO_OLD',
  'ENHANCED_REPLICATION_CHANGES',
  'FULL_IDENTITY_UNMATCHABLE',
  'SOURCE_SCHEMA_CLOSED',
] as const;
/** Nothing comes along a slot that nobody can read, or that there is no room for. */
/** Nothing comes to the clone, or from it, that production's network keeps away. */
const APART = ['CLONE_NOT_LET_IN', 'CLONE_NOT_ROUTED', 'PRODUCTION_NOT_ROUTED'] as const;
const READING = [
  ...APART,
  'ROLE_CANNOT_CONNECT',
  'ROLE_NEEDS_IAM',
  'SOURCE_NEAR_WRAPAROUND',
  'SOURCE_SENDERS_TOO_FEW',
] as const;
const REFUSED: Readonly<Record<Step, readonly Code[]>> = {
  publish: [...PREPARING, 'REPLICATION_NOT_ALLOWED', 'SOURCE_LOCKS_TOO_FEW'],
  slot: [...PREPARING, ...READING, 'KEY_POLICY_LACKS', 'REPLICATION_NOT_ALLOWED'],
  ticket: [...PREPARING, ...READING, 'KEY_POLICY_LACKS', 'LIMIT_BELOW_USE'],
  role: ['ROLE_NOT_MANAGEABLE'],
  reboot: ['ENHANCED_REPLICATION_CHANGES', 'LIMIT_BELOW_USE'],
  connect: [
    ...PREPARING.filter((code) => code !== 'SOURCE_SCHEMA_CLOSED'),
    ...READING,
    'CLONE_REFUSES_CHANGES',
    'COLUMNS_DIFFER',
    'COLUMN_RENAMED',
    'COLUMN_TYPE_DIFFERS',
    'CONSTRAINT_ONLY_ON_CLONE',
    'DOMAIN_STRICTER_ON_CLONE',
    'ENUM_LABELS_EXCHANGED',
    'ENUM_LABEL_MISSING',
    'FULL_IDENTITY_EXTRA_COLUMN',
    'FUNCTION_NEEDS_SEARCH_PATH',
    'GENERATED_COLUMN_DIFFERS',
    'KEY_DIFFERS',
    'MAJOR_VERSIONS_DIFFER',
    'MONEY_FORMS_DIFFER',
    'ORIGIN_NOT_ALLOWED',
    'OWNER_LACKS_RIGHTS',
    'PARTITION_DIFFERS',
    'PARTITION_ONLY_ON_CLONE',
    'ROW_SECURITY_STOPS_APPLY',
    'SEED_LSN_NOT_ALLOWED',
    'SETTING_HARMS_APPLY',
    'SUBSCRIPTION_NOT_ALLOWED',
    'TABLE_NOT_APPLIABLE',
    'TABLE_NOT_ON_CLONE',
    'TABLE_NOT_SUBSCRIBED',
    'TABLE_RENAMED',
    'TABLE_SWAPPED',
    'TABLE_UNLOGGED_ON_CLONE',
    'TABLE_UNLOGGED_SINCE',
    'TARGET_NEAR_WRAPAROUND',
    'TARGET_ORIGINS_TOO_FEW',
    'TARGET_SCHEMA_CLOSED',
    'TYPE_DIFFERS',
    'TYPE_NOT_ON_CLONE',
    'UNIQUE_ONLY_ON_CLONE',
  ],
};

const stopped = (code: Code) => (Object.keys(REFUSED) as Step[]).filter((step) => REFUSED[step].includes(code)).sort();
const blocking = FIRES.filter(([, severity]) => severity === 'block');

test.each(blocking)('%s (%s) refuses the steps that it is about, or tells how something stands', (code, _, change) => {
  const steps = after(change).map(({ standing, stops }) =>
    standing === true ? 'standing' : [...(stops ?? [])].sort(),
  );
  for (const one of steps) if (one !== 'standing') expect(one).toEqual(stopped(code));
  if (stopped(code).length === 0) expect(steps).toEqual(['standing']);
});

test('what a step is refused by is found', () => {
  const codes = new Set(blocking.map(([code]) => code));
  expect(Object.values(REFUSED).flatMap((refusing) => refusing.filter((code) => !codes.has(code)))).toEqual([]);
});
