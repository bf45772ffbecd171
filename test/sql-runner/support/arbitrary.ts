import fc from 'fast-check';
import type { SourceContract } from '../../../contract/contract';
import type { Observation, PublicationFacts } from '../../../sql-runner/model/observation';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import { streamsOf } from '../../../sql-runner/model/streams';
import { INHERITABLE, someOf } from './inheritables';
import { role } from './catalog-rows';
import {
  CONFIRMED,
  type Draft,
  edit,
  FLUSH,
  NONCE,
  OTHER_NONCE,
  publication,
  SEED,
  server,
  slot,
  subscription,
  TICKET,
  untouched,
} from './observations';
import { table, UNIDENTIFIED } from './tables';

const lsn = fc.constantFrom('0/1000000', CONFIRMED, SEED, '0/3800000', FLUSH, '0/5000000');
const nonce = fc.constantFrom(NONCE, OTHER_NONCE);

/** A publication of our name: ours with or without a ticket, changed, somebody's, or none. */
function anyPublication(name: string): fc.Arbitrary<Draft<PublicationFacts>[]> {
  return fc.oneof(
    fc.constant<Draft<PublicationFacts>[]>([]),
    fc.constant<Draft<PublicationFacts>[]>([publication(name, null, { comment: "somebody's" })]),
    fc.constant<Draft<PublicationFacts>[]>([publication(name, null)]),
    nonce.map((value) => [publication(name, value)]),
    nonce.map((value) => [publication(name, value, { tables: [{ schema: 'public', name: 'orders' }] })]),
  );
}

function anySlots(name: string, database: string): fc.Arbitrary<ReplicationSlot[]> {
  return fc.oneof(
    fc.constant<ReplicationSlot[]>([]),
    fc
      .record({
        active: fc.boolean(),
        confirmedFlushLsn: fc.option(lsn),
        restartLsn: fc.option(lsn),
        walStatus: fc.constantFrom('reserved', 'extended', 'lost'),
      })
      .map((facts) => [slot(name, database, facts)]),
    fc.constant<ReplicationSlot[]>([slot(name, database, { plugin: 'wal2json' })]),
  );
}

function anyStream(name: string, database: string) {
  const made = fc.record({
    ours: fc.boolean(),
    enabled: fc.boolean(),
    progress: fc.option(lsn),
    made: nonce,
    inherited: fc.boolean(),
  });
  return fc.option(made).map((facts) => {
    if (facts === null) return { subscription: null, originProgress: null, inherited: false };
    const { comment } = subscription(name, database);
    const own = comment!.replace(NONCE, facts.made);
    return {
      subscription: subscription(name, database, { enabled: facts.enabled, comment: facts.ours ? own : "somebody's" }),
      originProgress: facts.progress,
      inherited: facts.inherited,
    };
  });
}

function anyTarget(contract: SourceContract) {
  const perStream = streamsOf(contract).map(({ database, stream }) => {
    return fc.record({
      database: fc.constant(database),
      name: fc.constant(stream.subscription),
      publications: anyPublication(stream.publication),
      stream: anyStream(stream.subscription, database),
      slots: anySlots(stream.slot, database),
    });
  });
  return fc.record({
    streams: fc.tuple(...perStream),
    seedLsn: fc.option(lsn),
    deployedNonce: nonce,
    inheritable: someOf(INHERITABLE),
    fence: fc.boolean(),
    readOnlyDatabases: fc.subarray(contract.links.map(({ database }) => database)),
    workers: fc.constantFrom(0, 8),
  });
}

function anySource(contract: SourceContract) {
  const perStream = streamsOf(contract).map(({ database, stream }) => {
    return fc.record({
      database: fc.constant(database),
      publications: anyPublication(stream.publication),
      slots: anySlots(stream.slot, database),
      newTable: fc.constantFrom('none', 'sound', 'without identity'),
      mayConnect: fc.boolean(),
    });
  });
  const comment = fc.constantFrom('aurora-cross-account-sync {"kind":"role","environment":"demo"}', null);
  return fc.record({
    streams: fc.tuple(...perStream),
    group: fc.constantFrom(contract.parameterGroup.name, contract.parameterGroup.previous, 'other'),
    status: fc.constantFrom('in-sync', 'pending-reboot'),
    groupParameters: fc.constantFrom({}, contract.parameterGroup.parameters),
    walLevel: fc.constantFrom('replica', 'logical'),
    role: fc.option(
      fc.record({ comment, canLogin: fc.boolean(), memberOfRdsReplication: fc.boolean() }).map((facts) => ({
        ...role(null),
        ...facts,
        settings: [],
      })),
    ),
    passwordWorks: fc.constantFrom(true, false, null),
  });
}

/** Observations of all kinds, likely and absurd: planning has to be safe on each. */
export function anyObservation(contract: SourceContract): fc.Arbitrary<Observation> {
  const ticket = fc.option(nonce.map((value) => ({ ...TICKET, nonce: value })));
  return fc.record({ ticket, source: anySource(contract), target: fc.option(anyTarget(contract)) }).map((parts) => {
    const base = edit(untouched(contract), ({ source }) => {
      Object.assign(source.cluster, { parameterGroup: parts.source.group, parameterGroupStatus: parts.source.status });
      const foreign = parts.source.group !== contract.parameterGroup.name;
      if (foreign) source.groupParameters = { ...parts.source.groupParameters };
      else delete source.groupParameters;
      source.server.walLevel = parts.source.walLevel;
      source.role = parts.source.role;
      source.passwordWorks = parts.source.passwordWorks;
      for (const { database, publications, slots, newTable, mayConnect } of parts.source.streams) {
        const facts = source.databases[database]!;
        Object.assign(facts, { publications });
        facts.connectGrant.mayConnect = mayConnect;
        if (newTable !== 'none') facts.tables.push(table('added', newTable === 'sound' ? {} : UNIDENTIFIED));
        source.slots.push(...slots);
      }
    });
    return { ...base, ticket: parts.ticket, ...targetOf(base, parts.target) };
  });
}

type TargetParts = ReturnType<typeof anyTarget> extends fc.Arbitrary<infer T> ? T : never;

function targetOf({ source }: Observation, parts: TargetParts | null): Pick<Observation, 'source' | 'target'> {
  if (parts === null) return { source, target: null };
  const subscriptions = parts.streams.flatMap(({ stream }) =>
    stream.subscription === null ? [] : [stream.subscription],
  );
  const copies = parts.streams.flatMap(({ stream }) =>
    stream.inherited && stream.subscription !== null ? [stream.subscription] : [],
  );
  const leftover = subscription('upstream', 'shop', { oid: 12345, comment: null });
  const databases = parts.streams.map(({ database, name, publications, stream }) => {
    const { inherited: _, ...facts } = stream;
    return [database, { exists: true, publications, writtenTables: [], streams: { [name]: facts } }] as const;
  });
  return {
    source: { ...source, subscriptions: [...copies, leftover], inheritable: INHERITABLE },
    target: {
      isSourceServer: false,
      server: server({ maxLogicalReplicationWorkers: parts.workers }),
      seedLsn: parts.seedLsn,
      seedFunctionExists: true,
      slots: parts.streams.flatMap(({ slots }) => slots),
      subscriptions: [...subscriptions, leftover, subscription('reports', 'shop', { oid: 777, comment: null })],
      databases: Object.fromEntries(databases),
      inheritable: parts.inheritable,
      deployedNonce: parts.deployedNonce,
      readOnlyDatabases: parts.readOnlyDatabases,
      fence: parts.fence,
    },
  };
}
