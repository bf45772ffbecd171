import { randomBytes } from 'node:crypto';
import type { Side } from '../../contract/contract';
import type { Reading } from '../connections/reading';
import { arrivingOf } from '../model/added-tables';
import type { Observation } from '../model/observation';
import type { RowFault, RowsOfTable, RowsSeen, RowsWanted } from '../model/repair';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { isSentInPart } from '../model/table-parts';
import { sameTable } from '../model/table-selection';
import { replicationSlots } from '../postgres/catalog/slots';
import { verifyScope } from '../resources/verify-scope';
import { idsOfKeys, judgeNamedRows, type NamedRows } from '../verify/named-rows';
import { ReadFailed, type Pair } from '../verify/sides';
import { differenceKind } from '../verify/suspect';
import { assertTwoDatabases } from '../verify/two-databases';

/** So long rows of one table may keep changing before nothing is said of them. */
const SETTLE_MS = 15_000;
const READ_MS = 60_000;
/** More than a comparison ever names of one table. */
const MOST_ROWS = 1_000;

/** How the rows that were named stand by now, on both sides while they are written to. Read-only. */
export async function observeRows(
  reading: Reading,
  observation: Observation,
  { tables }: RowsWanted,
): Promise<readonly RowsSeen[]> {
  const contract = reading.contracts.source;
  const streams = streamFacts(contract, observation);
  const sent = streams.flatMap((of) =>
    verifyScope(contract, observation, of).tables.map((table) => ({ of, ...table })),
  );
  const seen = tables.map((table) => {
    const one = sent.find(({ of, ...other }) => of.database === table.database && sameTable(other, table));
    return one !== undefined && isSentInPart(one) ? { table, of: undefined, why: IN_PART } : { table, of: one?.of };
  });
  const found: RowsSeen[] = [];
  for (const { table, of, why } of seen)
    if (of === undefined) found.push(unlooked(table, null, why ?? notSent(streams, table)));
  for (const of of streams) {
    const own = seen.flatMap((one) => (one.of === of ? one.table : []));
    if (own.length > 0) found.push(...(await rowsOfStream(reading, of, own)));
  }
  return found;
}

/** A row that is only on the clone may well be on the source, outside of the part. */
const IN_PART = 'only a part of it is replicated, and single rows of such a table are not mended';

function notSent(streams: readonly StreamFacts[], table: RowsOfTable): string {
  const coming = streams
    .filter(({ database }) => database === table.database)
    .flatMap(({ subscriptionMark }) => arrivingOf(subscriptionMark));
  return coming.some((one) => sameTable(one, table))
    ? 'it is being copied, and is compared then'
    : `no stream of database ${table.database} sends it`;
}

const unlooked = (table: RowsOfTable, subscription: string | null, why: string): RowsSeen => ({
  table,
  subscription,
  partitioned: false,
  key: [],
  faulty: [],
  alike: 0,
  open: 0,
  why,
});

async function rowsOfStream(
  { connections }: Reading,
  of: StreamFacts,
  tables: readonly RowsOfTable[],
): Promise<RowsSeen[]> {
  const { slot, subscription } = of.stream;
  const slots = await connections.use(of.publisher, replicationSlots);
  if (!slots.some(({ name, active }) => name === slot && active)) {
    const why = `nobody reads slot ${slot}, so that a row on its way cannot be told from a lost one`;
    return tables.map((table) => unlooked(table, subscription, why));
  }
  const open = (side: Side) => connections.open({ side, database: of.database }, true, { statementTimeoutMs: READ_MS });
  const source = await open('source');
  try {
    const target = await open('target');
    try {
      await assertTwoDatabases({ source, target });
      const found: RowsSeen[] = [];
      for (const table of tables) found.push(await rowsOfTable({ source, target }, of, table));
      return found;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function rowsOfTable(pair: Pair, { stream }: StreamFacts, table: RowsOfTable): Promise<RowsSeen> {
  const refused = (why: string) => unlooked(table, stream.subscription, why);
  if (table.keys.length > MOST_ROWS) return refused(`more than ${MOST_ROWS} of its rows are named`);
  const looked = await judgeNamedRows({
    pair,
    table: { schema: table.schema, name: table.name },
    idsOf: (shape) => idsOfKeys(shape, table.keys),
    slotName: stream.slot,
    seed: randomBytes(8).readBigUInt64BE(),
    timeoutMs: SETTLE_MS,
  }).catch((cause: unknown) => {
    if (!(cause instanceof ReadFailed)) throw cause;
    return { why: `the ${cause.side === 'source' ? 'source' : 'clone'} cannot read the rows: ${cause.message}` };
  });
  return 'why' in looked ? refused(looked.why) : seenOf(table, stream.subscription, looked);
}

const FAULTS: Readonly<Record<ReturnType<typeof differenceKind>, RowFault>> = {
  'missing on target': 'missing',
  'extra on target': 'surplus',
  different: 'different',
};

function seenOf(table: RowsOfTable, subscription: string, { plan, ids, settled, onlyOnTarget }: NamedRows): RowsSeen {
  const faulty = settled.different.map(({ id, sighting }) => ({ id, fault: FAULTS[differenceKind(sighting)] }));
  const open = settled.unsettled.length;
  const loses = onlyOnTarget.length > 0 && faulty.some(({ fault }) => fault === 'different');
  return {
    table,
    subscription,
    partitioned: plan.relkinds.target === 'p',
    key: plan.shape.key.map(({ name }) => name),
    faulty,
    alike: ids.length - faulty.length - open,
    open,
    why: loses
      ? `what the clone alone has of its rows, ${onlyOnTarget.map((name) => JSON.stringify(name)).join(', ')}, would be lost`
      : null,
  };
}
