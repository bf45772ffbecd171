import { OperatorError } from '../../../errors/operator-error';
import { beatsOf, heartbeats } from '../../postgres/catalog/heartbeats';
import { originName, originState } from '../../postgres/catalog/origins';
import { publications, type Publication } from '../../postgres/catalog/publications';
import { slotReaders } from '../../postgres/catalog/senders';
import { replicationSlots } from '../../postgres/catalog/slots';
import { subscriptions } from '../../postgres/catalog/subscriptions';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import { arrivingOf, followedBy } from '../../model/added-tables';
import { formatMark, ownMark, type SubscriptionMark } from '../../model/mark';
import { readerOf } from '../../model/slot-witness';
import { publicationFacts } from '../../observe/observe-database';
import { digestOf, rememberedAlterations } from '../../resources/publication-rows';
import { copyAnew } from '../../model/copied-anew';
import { displayTable } from '../../model/table-selection';
import type { TableVerdict } from '../../verify/types';
import type { Operation } from '../../model/change';
import { decidedSince } from '../ddl-doubt';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { waitFor } from '../wait';
import { compareRows } from './compare-rows';
import type { Side } from '../../../contract/contract';
import type { Place } from '../../model/address';

type Proof = Extract<Operation, { kind: 'prove-continuity' }>;

/** What was read before the rows were compared. */
interface Read {
  readonly made: string | null;
  readonly compared: string | null;
  readonly reader: string | null;
  /** Before the rows: what is deleted of the beats up to it took none along. */
  readonly beat: SubscriptionMark['beat'] | null;
}

/** A worker that has just been enabled waits for the launcher; one that failed, for wal_retrieve_retry_interval. */
const WORKER_START_MS = 30_000;

/** Reads only, but for the mark at the end; interrupted anywhere, the next plan proposes it again. */
export async function proveContinuity(operation: Proof, execution: Execution): Promise<void> {
  const read = { ...(await waitForWorker(operation, execution)), beat: await newestBeat(operation, execution) };
  const publication = await publicationOf(operation, execution, 'source');
  if (publication === null) throw notPublished(operation);
  const mark = await execution.connections.use(operation.place, (session) => markIn(session, operation));
  const arriving = new Set(arrivingOf(mark).map(({ oid }) => oid));
  const inherited = followedBy(
    factsOf(await publicationOf(operation, execution, 'target')),
    publicationFacts(publication),
    mark,
  );
  const made = await madeAs(operation, execution);
  // What is on its way is compared once it is copied.
  const tables = publication.tables.filter(({ oid }) => !arriving.has(oid));
  const { database } = operation.place;
  const shown = `${counted(tables.length, 'table')} of database ${database}`;
  const verdicts = await compareRows({ database, tables, slot: operation.slot, shown }, execution);
  const unequal = verdicts.filter(({ status }) => status !== 'equal');
  const different = unequal.filter(({ status }) => status === 'different');
  // Whatever keeps it from being remembered, it is said.
  if (different.length > 0)
    await remember(operation, execution, () => ({ differs: different.map(displayTable) })).catch(() => undefined);
  if (unequal.length > 0) throw notEqual(operation, unequal);
  const published = digestOf(publication.rows, inherited?.rows);
  const alterations = rememberedAlterations(publication.rows, inherited?.rows);
  const decided = mark?.unproven?.ddl ?? [];
  await markProven(operation, execution, { published, alterations, made, ...read }, decided);
}

const factsOf = (publication: Publication | null) => (publication === null ? null : publicationFacts(publication));

async function markIn(session: Session, { subscription: name, environment }: Proof): Promise<SubscriptionMark | null> {
  const found = (await subscriptions(session)).find((candidate) => candidate.name === name);
  return ownMark(found?.comment ?? null, 'subscription', environment);
}

/** @returns where the slot stands, and who reads it: both before all that is compared */
async function waitForWorker(
  { place, slot, environment }: Proof,
  { connections, interrupted }: Execution,
): Promise<Pick<Read, 'compared' | 'reader'>> {
  const source: Place = { side: 'source', database: place.database };
  const isActive = async () => {
    const found = (await connections.use(source, replicationSlots)).find(({ name }) => name === slot);
    if (found?.active !== true) return null;
    const reader = (await connections.use(source, slotReaders)).find((one) => one.slot === slot);
    return { compared: found.confirmedFlushLsn, reader: reader === undefined ? null : readerOf(reader) };
  };
  const active = await waitFor(isActive, WORKER_START_MS, undefined, interrupted);
  if (active !== null) return active;
  throw new OperatorError({
    code: 'NOT_STREAMING',
    seen: `nobody reads from slot ${slot}: the clone does not follow database ${place.database} at the moment`,
    why: 'rows can only be compared once the clone has passed the position at which they were read on the source',
    next: `sql-runner status ${environment} shows the worker; its error is in the log of the clone`,
  });
}

/** Read before the rows: an alteration that comes later is not covered by them, and is seen by the next plan. */
async function publicationOf(
  { place, publication }: Proof,
  { connections }: Execution,
  side: Side,
): Promise<Publication | null> {
  const present = await connections.use({ side, database: place.database }, publications);
  return present.find(({ name }) => name === publication) ?? null;
}

/** null: there is none, or it cannot be read, and then the next plan says so. */
async function newestBeat({ place, publication }: Proof, { connections }: Execution): Promise<Read['beat']> {
  return connections.use({ side: 'source', database: place.database }, async (session) => {
    const [found] = await heartbeats(session, [publication]);
    if (found?.marked !== true) return null;
    const last = (await beatsOf(session, publication).catch(() => [])).at(-1);
    return last === undefined ? null : { id: last.id, number: last.number };
  });
}

/** Before the rows, for the same reason. */
async function madeAs({ place, subscription: name }: Proof, { connections }: Execution): Promise<string | null> {
  return connections.use(place, async (session) => {
    const subscription = (await subscriptions(session)).find((candidate) => candidate.name === name);
    if (subscription === undefined) return null;
    return (await originState(session, originName(subscription.oid)))?.made ?? null;
  });
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Without it no table would be compared, and none found unequal. */
function notPublished({ place, publication }: Proof): OperatorError {
  return new OperatorError({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: `publication ${publication} is no longer in database ${place.database} on the source`,
    why: 'it names the tables whose rows are to be compared, and without it nothing more is sent',
    next: 'run the same command again: its plan says what is to be done about that',
  });
}

function notEqual({ place, environment }: Proof, unequal: readonly TableVerdict[]): OperatorError {
  const shown = unequal
    .map((table) => `${displayTable(table)} ${table.status}${table.code === undefined ? '' : ` (${table.code})`}`)
    .join(', ');
  const seen = `database ${place.database}: ${counted(unequal.length, 'table')} ${unequal.length === 1 ? 'is' : 'are'} not equal on both sides: ${shown}`;
  if (unequal.some(({ status }) => status === 'different'))
    return new OperatorError({
      code: 'STREAM_BROKEN',
      seen,
      why: 'changes were skipped, the clone was written to, or DDL gave rows other values on one side: it is not a copy of the source',
      next: `sql-runner verify ${environment} shows the rows; sql-runner reset ${environment} makes a new clone; or, of the file that verify --json prints, sql-runner repair ${environment} --from FILE mends rows of tables with a key; or, of tables that stand alone, ${copyAnew(environment, unequal, place.database)} makes a fresh copy; after either sql-runner apply ${environment} compares once more`,
    });
  return new OperatorError({
    code: 'CONTINUITY_NOT_PROVEN',
    seen,
    why: 'these tables could not be compared, so nothing tells whether changes were skipped',
    next: `sql-runner verify ${environment} says why; put that right, and run the same command again`,
  });
}

async function markProven(
  operation: Proof,
  execution: Execution,
  proof: Pick<SubscriptionMark, 'published' | 'alterations'> & Read,
  decided: readonly number[],
): Promise<void> {
  const { published, alterations, made, compared, reader, beat } = proof;
  const proven = {
    published,
    alterations,
    ...(made === null ? {} : { made }),
    ...(compared === null ? {} : { compared }),
    ...(beat === null ? {} : { beat }),
    reader: reader ?? undefined,
  };
  await remember(operation, execution, ({ unproven }) => ({
    ...proven,
    unproven: decidedSince(unproven, decided),
    differs: undefined,
    skipped: undefined,
  }));
}

/** What status and plan say of it from now on. */
async function remember(
  { place, environment, subscription: name }: Proof,
  execution: Execution,
  known: (mark: SubscriptionMark) => Partial<SubscriptionMark>,
): Promise<void> {
  const session = await execution.writer(place);
  const subscription = (await subscriptions(session)).find((candidate) => candidate.name === name);
  const mark = ownMark(subscription?.comment ?? null, 'subscription', environment);
  if (mark === null) throw new Error(`subscription ${name} is no longer ours`);
  await namingWaits(place, session, execution, () =>
    session.query(
      `COMMENT ON SUBSCRIPTION ${quoteIdent(name)} IS ${quoteLiteral(formatMark({ ...mark, ...known(mark) }))}`,
    ),
  );
}
