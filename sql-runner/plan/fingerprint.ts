import { createHash } from 'node:crypto';
import type { SourceContract } from '../../contract/contract';
import type {
  Observation,
  PublicationFacts,
  RoleFacts,
  SourceDatabaseFacts,
  SourceObservation,
  TargetObservation,
} from '../model/observation';
import { parseMark } from '../model/mark';
import type { SequencesObserved, SequencesOfBoth } from '../model/sequences';
import type { ViewsObserved } from '../model/views';
import { streamsOf } from '../model/streams';

/**
 * Digest of everything a plan was made from: two equal digests mean the same plan.
 * Left out are facts that move by themselves on a healthy system. A plan may be
 * applied although they moved; what it relies on of them is repeated by its guards.
 */
export function fingerprint(contract: SourceContract, observation: Observation): string {
  const { ticket, source, target, sequences, views, largeObjects } = observation;
  const ours = new Set(streamsOf(contract).map((of) => of.stream.slot));
  const stable = {
    contract,
    ticket: ticket === null ? null : { ...ticket, issuedAt: null },
    source: {
      ...source,
      // Of whoever reads now; what it makes of a plan is compared with its changes.
      witnesses: undefined,
      // Production prepares transactions and builds indexes all the time; what the plan says of them is compared with its changes.
      inheritable: { ...source.inheritable, preparedTransactions: null, invalidIndexes: null },
      server: stableServer(source.server),
      role: source.role === null ? null : stableRole(source.role),
      slots: source.slots.map((slot) => stableSlot(slot, ours)),
      databases: Object.fromEntries(Object.entries(source.databases).map(stableDatabase)),
    },
    target: target === null ? null : stableTarget(target),
    ...(sequences === undefined ? {} : { sequences: stableSequences(sequences) }),
    ...(views === undefined ? {} : { views: stableViews(views) }),
    // How they stand moves by itself; which of them are copied is among the changes.
    ...(largeObjects === undefined ? {} : { largeObjects: largeObjects.wanted }),
  };
  return createHash('sha256').update(canonical(stable)).digest('hex');
}

/** How they are made; where they stand moves by itself. */
function stableSequences({ wanted, databases }: SequencesObserved): object {
  const made = (all: SequencesOfBoth['source']) => all.map(({ position: _, ...one }) => one);
  const stable = Object.entries(databases).map(([name, { source, clone }]) => [
    name,
    { source: made(source), clone: made(clone) },
  ]);
  return { wanted, databases: Object.fromEntries(stable) };
}

/** When they were refreshed goes on by itself. */
function stableViews({ wanted, databases }: ViewsObserved): object {
  const stable = Object.entries(databases).map(([name, { refreshed: _, ...views }]) => [name, views]);
  return { wanted, databases: Object.fromEntries(stable) };
}

function stableDatabase([name, { heartbeats, publications, tables, ...database }]: [string, SourceDatabaseFacts]) {
  // What is noted in the mark of one goes on beside all plans.
  const schemas = heartbeats?.map(({ schema, comment }) => ({
    schema,
    comment: parseMark(comment)?.environment ?? comment,
  }));
  const stable = {
    heartbeats: schemas,
    publications: publications.map(withoutFiles),
    // ANALYZE counts again whenever it likes.
    tables: tables.map(({ estimatedRows: _, ...table }) => table),
    ddl: stableLogs(database.ddl),
  };
  return [name, { ...database, ...stable }] as const;
}

/** How they are made; what is counted in them goes on by itself. */
const stableLogs = (logs: TargetObservation['databases'][string]['ddl']) =>
  logs?.map(({ missed: _, stopped: __, ...log }) => log);

/** TRUNCATE and VACUUM FULL give a table another file; what a plan makes of that is among its changes. */
function withoutFiles(publication: PublicationFacts): PublicationFacts {
  return publication.rows === undefined ? publication : { ...publication, rows: { ...publication.rows, tables: {} } };
}

function stableServer({ flushLsn: _, ...server }: SourceObservation['server']): object {
  return server;
}

/** When its password expires is a fact; that it has, only the time that has passed since. */
function stableRole({ passwordExpired: _, ...role }: RoleFacts): object {
  return role;
}

/** Positions count only for our slots, and only while nobody reads them. */
function stableSlot(slot: SourceObservation['slots'][number], ours: ReadonlySet<string>): object {
  if (!ours.has(slot.name)) return { name: slot.name };
  const { active, activePid: _, restartLsn: __, walStatus: ___, safeWalSize: ____, ...stable } = slot;
  return active ? { ...stable, confirmedFlushLsn: null } : stable;
}

function stableTarget(target: TargetObservation): object {
  const databases = Object.entries(target.databases).map(([name, database]) => {
    const streams = Object.entries(database.streams).map(([stream, { subscription, options }]) => {
      return [stream, { subscription, options }];
    });
    return [
      name,
      {
        ...database,
        heartbeats: undefined,
        runHistory: undefined,
        publications: database.publications.map(withoutFiles),
        writtenTables: [],
        writesAreCertain: undefined,
        taken: undefined,
        ddl: stableLogs(database.ddl),
        streams: Object.fromEntries(streams),
      },
    ];
  });
  const slots = target.slots.map(
    ({ active: _, activePid: __, restartLsn: ___, walStatus: ____, safeWalSize: _____, ...slot }) => slot,
  );
  const server = stableServer(target.server);
  return {
    ...target,
    server,
    slots,
    subscriptionUpdates: null,
    counting: undefined,
    countWitnesses: undefined,
    databases: Object.fromEntries(databases),
  };
}

/** JSON with sorted keys, so that equal facts give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
