import type { SourceContract } from '../../../contract/contract';
import { NOTHING_INHERITABLE } from '../../../sql-runner/model/inheritable';
import type { Observation, PublicationFacts, SubscriptionFacts } from '../../../sql-runner/model/observation';
import type { ServerFacts } from '../../../sql-runner/postgres/catalog/server';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import type { CatalogTable } from '../../../sql-runner/postgres/catalog/tables';
import { streamsOf } from '../../../sql-runner/model/streams';
import { formatMark } from '../../../sql-runner/model/mark';
import { role, SETTINGS, takenBy } from './catalog-rows';
import { heartbeat } from './heartbeats';
import { unaltered } from './subscription-values';
import { table } from './tables';

/** Positions in the order in which they come about: slot, clone, now. */
export const CONFIRMED = '0/2000000';
export const SEED = '0/3000000';
export const FLUSH = '0/4000000';
export const NONCE = '6f1d2c3b-0000-4000-8000-000000000001';
export const OTHER_NONCE = '6f1d2c3b-0000-4000-8000-000000000002';

export type Draft<T> = { -readonly [K in keyof T]: Draft<T[K]> };

/** A copy of the value with something changed in it. */
export function edit<T>(value: T, change: (draft: Draft<T>) => void): T {
  // JSON, because structuredClone keeps an object that stands in two places one object.
  const copy = JSON.parse(JSON.stringify(value)) as Draft<T>;
  change(copy);
  return copy as T;
}

/** The tables of every database; new objects each time, so that an edit of one database stays in it. */
const tables = (): Draft<CatalogTable>[] => [table('customers'), table('orders')];

export function server(overrides: Partial<ServerFacts> = {}): ServerFacts {
  return { ...SETTINGS, flushLsn: FLUSH, ...overrides };
}

export function slot(name: string, database: string, overrides: Partial<ReplicationSlot> = {}): ReplicationSlot {
  return {
    name,
    plugin: 'pgoutput',
    slotType: 'logical',
    database,
    temporary: false,
    active: false,
    activePid: null,
    restartLsn: CONFIRMED,
    confirmedFlushLsn: CONFIRMED,
    walStatus: 'reserved',
    safeWalSize: null,
    invalidationReason: null,
    twoPhase: false,
    ...overrides,
  };
}

export function publication(
  name: string,
  nonce: string | null,
  overrides: Partial<Draft<PublicationFacts>> = {},
): Draft<PublicationFacts> {
  const ticket = nonce === null ? undefined : { nonce, confirmedFlushLsn: CONFIRMED };
  return {
    name,
    comment: formatMark({ kind: 'publication', environment: 'demo', slot: name, ticket }),
    heartbeat: true,
    allTables: false,
    publishesEverything: true,
    sendsChanges: true,
    schemas: [],
    tables: tables().map(({ schema, name: tableName }) => ({ schema, name: tableName })),
    ...overrides,
  };
}

const SECRET_VERSION = 'version-1';

export function subscription(
  name: string,
  database: string,
  overrides: Partial<SubscriptionFacts> = {},
): SubscriptionFacts {
  const comment = formatMark({
    kind: 'subscription',
    environment: 'demo',
    nonce: NONCE,
    seedLsn: SEED,
    secretVersion: SECRET_VERSION,
  });
  return { oid: 16500, name, database, enabled: false, slotName: name, comment, ...overrides };
}

/** A production cluster that sql-runner has never seen. */
export function untouched(contract: SourceContract): Observation {
  const databases = contract.links.map(({ database }) => {
    return [
      database,
      {
        exists: true,
        heartbeats: [],
        publications: [],
        tables: tables(),
        mayCreate: true,
        ddl: [],
        connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
      },
    ] as const;
  });
  return {
    ticket: null,
    source: {
      login: 'master',
      cluster: {
        status: 'available',
        parameterGroup: contract.parameterGroup.previous,
        writer: 'writer-1',
        resourceId: null,
        parameterGroupStatus: 'in-sync',
      },
      groupParameters: {},
      previousGroupIsLogical: false,
      server: server({ walLevel: 'replica' }),
      hasRdsReplication: true,
      role: null,
      passwordWorks: null,
      secretVersion: null,
      slots: [],
      subscriptions: [],
      markedRoles: [],
      forgotten: [],
      inheritable: NOTHING_INHERITABLE,
      databases: Object.fromEntries(databases),
    },
    target: null,
  };
}

/** After the first apply: everything on the source, and the ticket. */
export function prepared(contract: SourceContract): Observation {
  return edit(untouched(contract), ({ source }) => {
    Object.assign(source.cluster, { parameterGroup: contract.parameterGroup.name });
    delete source.groupParameters;
    source.server.walLevel = 'logical';
    source.role = role(formatMark({ kind: 'role', environment: 'demo' }));
    source.passwordWorks = true;
    source.secretVersion = SECRET_VERSION;
    for (const { database, stream } of streamsOf(contract)) {
      source.slots.push(slot(stream.slot, database));
      source.databases[database]!.publications.push(publication(stream.publication, NONCE));
      source.databases[database]!.heartbeats!.push(heartbeat(stream.publication));
    }
  });
}

/** The parameter that goes with `prepared`. */
export const TICKET = { version: 1 as const, environment: 'demo', nonce: NONCE, issuedAt: '2026-01-02T03:04:05.000Z' };

export function ticketed(contract: SourceContract): Observation {
  return { ...prepared(contract), ticket: TICKET };
}

/** The clone as the deploy of the target stack leaves it. */
export function cloned(contract: SourceContract): Observation {
  const observation = ticketed(contract);
  const databases = streamsOf(contract).map(({ database, stream }) => {
    const streams = { [stream.subscription]: { subscription: null, originProgress: null } };
    return [
      database,
      {
        exists: true,
        heartbeats: [heartbeat(stream.publication)],
        publications: observation.source.databases[database]!.publications,
        writtenTables: [],
        taken: [],
        connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
        streams,
      },
    ] as const;
  });
  return {
    ...observation,
    target: {
      isSourceServer: false,
      server: server(),
      seedLsn: SEED,
      seedFunctionExists: true,
      subscriptionUpdates: null,
      role: { comment: observation.source.role!.comment },
      slots: observation.source.slots,
      subscriptions: [],
      inheritable: NOTHING_INHERITABLE,
      databases: Object.fromEntries(databases),
      deployedNonce: NONCE,
      readOnlyDatabases: [],
      fence: false,
    },
  };
}

export interface Bootstrap {
  readonly enabled: boolean;
  readonly progress: string | null;
  readonly subscription?: Partial<SubscriptionFacts>;
}

/** A clone on which the stream of one database has been brought so far. */
export function withStream(
  contract: SourceContract,
  observation: Observation,
  database: string,
  at: Bootstrap,
): Observation {
  const { stream } = streamsOf(contract).find((of) => of.database === database)!;
  return edit(observation, ({ target }) => {
    const facts = subscription(stream.subscription, database, { enabled: at.enabled, ...at.subscription });
    target!.subscriptions.push(facts);
    const read = { originProgress: at.progress, made: `pg_${facts.oid} 700`, options: unaltered(database, stream) };
    target!.databases[database]!.streams[stream.subscription] = { subscription: facts, ...read };
    target!.databases[database]!.taken!.push(...takenBy(stream.subscription));
  });
}

/** Every stream follows the source; the inherited slots are gone and ours are in use. */
export function following(contract: SourceContract): Observation {
  const connected = streamsOf(contract).reduce(
    (observation, { database }) => withStream(contract, observation, database, { enabled: true, progress: SEED }),
    cloned(contract),
  );
  return edit(connected, ({ source, target }) => {
    target!.slots = [];
    for (const used of source.slots) Object.assign(used, { active: true, activePid: 4711, confirmedFlushLsn: FLUSH });
  });
}
