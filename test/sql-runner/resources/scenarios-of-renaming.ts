import type { Observation } from '../../../sql-runner/model/observation';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { formatMark } from '../../../sql-runner/model/mark';
import { heartbeat } from '../support/heartbeats';
import { following, prepared, slot, untouched } from '../support/observations';
import { after, and, type Change } from './scenarios';

const OF = 'acas_demo_shop';

const TABLE = { schema: OF, table: 'moved' };
const AWAY = { schema: 'away', table: 'acas_heartbeat' };
const SCHEMA = { schema: 'elsewhere', table: null };
const LEFT = { schema: OF, table: null };
const heartbeatAt =
  (side: 'source' | 'target', ...heartbeatsElsewhere: { schema: string; table: string | null }[]): Change =>
  (draft) => {
    // A schema of the right name is read whatever is in it.
    const home = heartbeatsElsewhere.some(({ schema }) => schema === OF);
    const heartbeats = home ? [{ schema: OF, comment: null, beats: [] }] : [];
    Object.assign(draft[side]!.databases.shop!, { heartbeatsElsewhere, heartbeats });
  };
/** It has not its name, so that its stream has none. */
const renamed =
  (overrides: object = {}): Change =>
  ({ target }) => {
    target!.databases.shop!.streams[OF]!.subscription = null;
    Object.assign(target!.subscriptions[0]!, { name: 'another', ...overrides });
  };
const twice: Change = ({ target }) => {
  target!.subscriptions.push({ ...target!.subscriptions[0]!, oid: 16501, name: 'another' });
};
const formerRole: Change = ({ source, target }) => {
  const comment = formatMark({ kind: 'role', environment: 'demo' });
  const former = { name: 'acas_former', comment, connectGrants: ['shop', 'other'] };
  const others = formatMark({ kind: 'role', environment: 'another' });
  for (const side of [source, target])
    Object.assign(side ?? {}, {
      markedRoles: [former, { ...former, name: 'acas_demo' }, { ...former, name: 'theirs', comment: others }],
    });
};
const copyNamed =
  (name: string): Change =>
  ({ source }) => {
    const [ours] = source.databases.shop!.publications;
    source.databases.shop!.publications = [{ ...ours!, name }];
  };

/** As SCENARIOS: what is ours under other names, and what is others' under ours. */
export const SCENARIOS_OF_RENAMING: readonly (readonly [name: string, mode: PlanMode, observation: Observation])[] = [
  [
    'a schema with the name of the heartbeat',
    'apply',
    after(prepared, ({ source }) => {
      source.databases.shop!.publications = [];
      source.databases.shop!.heartbeats = [{ ...heartbeat(OF), comment: null }];
    }),
  ],
  ['a heartbeat under another name', 'apply', after(prepared, heartbeatAt('source', TABLE))],
  ['a heartbeat in another schema', 'apply', after(following, heartbeatAt('source', AWAY, LEFT))],
  [
    'a heartbeat whose schema was renamed',
    'apply',
    after(following, heartbeatAt('target', SCHEMA, { ...SCHEMA, table: 'acas_heartbeat' })),
  ],
  [
    'a heartbeat of which all was renamed',
    'apply',
    after(following, heartbeatAt('source', SCHEMA, { ...SCHEMA, table: 'moved' })),
  ],
  [
    'a schema of the heartbeat that was renamed without it',
    'apply',
    after(following, heartbeatAt('source', SCHEMA, AWAY)),
  ],
  [
    'a schema of the heartbeat that was renamed, and nothing in it',
    'apply',
    after(prepared, heartbeatAt('source', SCHEMA)),
  ],
  ['a heartbeat under another name, and no publication', 'apply', after(untouched, heartbeatAt('source', TABLE))],
  ['a schema that a heartbeat left, and no publication', 'apply', after(untouched, heartbeatAt('source', LEFT))],
  ['a schema of a heartbeat elsewhere, and no publication', 'apply', after(untouched, heartbeatAt('source', SCHEMA))],
  ['a schema that the heartbeat left', 'apply', after(prepared, heartbeatAt('source', LEFT))],
  [
    'teardown with heartbeats under other names',
    'teardown',
    after(
      following,
      and(heartbeatAt('source', LEFT, AWAY), heartbeatAt('target', SCHEMA, { ...SCHEMA, table: 'moved' })),
    ),
  ],
  ['a renamed subscription', 'apply', after(following, renamed())],
  ['a renamed one that is disabled', 'apply', after(following, renamed({ enabled: false }))],
  ['a renamed one without a slot', 'apply', after(following, renamed({ slotName: null }))],
  ['a copy of a subscription under another name', 'apply', after(following, twice)],
  [
    'one of others beside ours',
    'apply',
    after(
      following,
      and(twice, ({ target }) => (target!.subscriptions[1]!.comment = null)),
    ),
  ],
  ['teardown of both', 'teardown', after(following, twice)],
  ['reset with a renamed subscription', 'reset', after(following, renamed())],
  ['a role that the environment had before', 'apply', after(following, formerRole)],
  ['teardown of a role that the environment had before', 'teardown', after(following, formerRole)],
  ['a slot named by our publication under another name', 'apply', after(prepared, copyNamed('moved'))],
  [
    'a slot that a publication of another environment names',
    'apply',
    after(prepared, ({ source }) => {
      const comment = formatMark({ kind: 'publication', environment: 'another', slot: OF });
      Object.assign(source.databases.shop!.publications[0]!, { name: 'theirs', comment });
    }),
  ],
  [
    'a slot of our name in a database that was not read',
    'apply',
    after(prepared, ({ source }) => {
      source.databases.shop!.publications = [];
      source.slots = [slot(OF, 'else')];
    }),
  ],
  [
    'a slot of our name that is physical, and of nobody',
    'apply',
    after(prepared, ({ source }) => {
      source.databases.shop!.publications = [];
      source.slots = [slot(OF, 'shop', { database: null })];
    }),
  ],
  [
    'a slot of ours in another database',
    'apply',
    after(prepared, ({ source }) => (source.slots = [slot(OF, 'else', { temporary: true })])),
  ],
  [
    'teardown of a clone without the database',
    'teardown',
    after(following, (draft) => {
      formerRole(draft);
      draft.target!.subscriptions = [];
      draft.target!.databases = {};
    }),
  ],
];
