import type { Session } from '../postgres/session';
import { lsnBehindSnapshot, targetPasses } from './barrier';
import { Contents } from './contents';
import { bothSides, onSide, type Pair } from './sides';
import { judge, type Readings, type Sighting } from './suspect';
import { rowsByIdSql, type TablePlan } from './table-sql';
import type { Side } from './types';

export interface SettleInput {
  readonly pair: Pair;
  readonly plan: TablePlan;
  readonly slotName: string;
  readonly timeoutMs: number;
  readonly onRound: (round: number, open: number) => void;
}

export interface Settled {
  /** Rows that certainly differ, with what was last seen. */
  readonly different: readonly { readonly id: string; readonly sighting: Sighting; readonly lsn: string }[];
  /** Rows that were on neither side when they were asked for. */
  readonly gone: readonly string[];
  /** Rows that neither matched nor stood still in time. */
  readonly unsettled: readonly string[];
  /** Whether it was the target that did not come far enough. */
  readonly behind: boolean;
}

/** Reads the suspects again, in rounds, until each one is certain or the time is up. */
export async function settle(input: SettleInput, ids: readonly string[]): Promise<Settled> {
  const deadline = Date.now() + input.timeoutMs;
  const different: { id: string; sighting: Sighting; lsn: string }[] = [];
  const gone: string[] = [];
  let open: readonly string[] = ids;
  let previous = new Map<string, Sighting>();
  for (let round = 1; open.length > 0; round += 1) {
    input.onRound(round, open.length);
    const seen = await sight(input, open, round, deadline);
    if (seen === null) return { different, gone, unsettled: open, behind: true };
    const verdicts = open.map((id) => ({ id, sighting: seen.sightings.get(id)!, lsn: seen.lsn }));
    const judged = verdicts.map((item) => ({ ...item, is: judge(previous.get(item.id), item.sighting) }));
    different.push(...judged.filter(({ is }) => is === 'different'));
    gone.push(...judged.filter(({ is, sighting }) => is === 'equal' && onNeitherSide(sighting)).map(({ id }) => id));
    open = judged.filter(({ is }) => is === 'open').map(({ id }) => id);
    previous = seen.sightings;
    // Two rounds are always granted: no fault can be told apart in one.
    if (round >= 2 && Date.now() >= deadline) break;
  }
  return { different, gone, unsettled: open, behind: false };
}

const onNeitherSide = ({ source, target }: Sighting): boolean => source === null && target === null;

/** One round: the source, the position behind it, the target past that position; then both in quick turns. */
async function sight(
  { pair, plan, slotName }: SettleInput,
  ids: readonly string[],
  round: number,
  deadline: number,
): Promise<{ sightings: Map<string, Sighting>; lsn: string } | null> {
  const { rows, lsn } = await onSide(pair, 'source', (session) => readSource(session, plan, ids));
  const source = new Contents(ids);
  source.add(rows);
  // From the second round on only rows that change often are left, or wrong ones: look at them more often.
  const look = async (): Promise<void> => source.add(await readRows(pair, 'source', plan, ids));
  if (!(await targetPasses(pair.source, slotName, lsn, deadline, round > 1 ? look : undefined))) return null;
  const target = new Contents(ids);
  const first = await readRows(pair, 'target', plan, ids);
  target.add(first);
  if (round > 1) await glances(pair, plan, ids, source, target, Math.min(25 * 2 ** round, 800));
  const sightings = ids.map((id): [string, Sighting] => [
    id,
    {
      source: rows.get(id) ?? null,
      target: first.get(id) ?? null,
      sourceContents: source.of(id),
      targetContents: target.of(id),
    },
  ]);
  return { sightings: new Map(sightings), lsn };
}

/** The snapshot ends with the transaction, before any waiting: it must not hold back vacuum. */
function readSource(
  source: Session,
  plan: TablePlan,
  ids: readonly string[],
): Promise<{ rows: Readings; lsn: string }> {
  return source.transaction(
    async (session) => {
      const rows = await readSide(session, 'source', plan, ids);
      return { rows, lsn: await lsnBehindSnapshot(session) };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** A row that changes a hundred times a second is met alike on both sides only by looking as often. */
async function glances(
  pair: Pair,
  plan: TablePlan,
  ids: readonly string[],
  source: Contents,
  target: Contents,
  ms: number,
): Promise<void> {
  const until = Date.now() + ms;
  await bothSides(pair, async (session, side) => {
    const contents = side === 'source' ? source : target;
    while (Date.now() < until) contents.add(await readSide(session, side, plan, ids));
  });
}

const readRows = (pair: Pair, side: Side, plan: TablePlan, ids: readonly string[]): Promise<Readings> =>
  onSide(pair, side, (session) => readSide(session, side, plan, ids));

async function readSide(session: Session, side: Side, plan: TablePlan, ids: readonly string[]): Promise<Readings> {
  const asked = rowsByIdSql(plan, side, ids);
  const rows = await session.query<{ id: string; content: string; version: string }>(asked.sql, asked.values);
  return new Map(rows.map(({ id, content, version }) => [id, { content, version }]));
}
