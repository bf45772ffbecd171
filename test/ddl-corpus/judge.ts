import type { Client } from 'pg';
import type { Following, JudgePair } from './judge-pair';
import { numberAnew, sameRows, write } from './judge-writes';

/** What really happens, found without the product. */
export type Truth = 'safe' | 'needs-order' | 'breaks' | 'fails';

export interface Judged {
  readonly truth: Truth;
  /** Sequences of sides that end with equal rows, and whether the stream stopped on the way. */
  readonly working: readonly Way[];
  readonly seen: string;
  /** Of what fails: for a row that is there (SQLSTATE classes 22 and 23), which other rows would not have done. */
  readonly forRows: boolean;
  /** The stream goes on only once the owner of the subscription may act as whoever owns a table then. */
  readonly membership: boolean;
}

interface Way {
  readonly sides: string;
  readonly stops: boolean;
  readonly refresh: boolean;
}

/** A statement alone, or the statements of a transaction. */
export interface Work {
  readonly statements: readonly string[];
  readonly transaction: boolean;
}

/** What changes rows only is never repeated on the clone; nor is what only moves rows about. */
const OF_ROWS =
  /^(update|delete|insert|truncate|with|copy|lock|vacuum|analyze|cluster|reindex|refresh|set\s|select\s+(?!\*\s+into)|create\s+temp)/i;

export function forClone(statement: string): boolean {
  if (/^do\b/i.test(statement)) return /\b(alter|create|drop)\b/i.test(statement);
  return !OF_ROWS.test(statement);
}

type State = 'well' | 'stopped' | 'differs' | 'refused' | 'failed' | 'failed for rows';

const failed = (state: State): boolean => state.startsWith('failed');

export async function judge(pair: JudgePair, work: Work): Promise<Judged> {
  const { statements, transaction } = work;
  const definitions = statements.filter(forClone);
  const working: Way[] = [];
  const { alone, both, refresh } = await onPair(pair, (first) => sourceFirst(first, work, definitions));
  if (failed(alone)) return { ...found('fails', `${alone}, on the source`), forRows: alone === 'failed for rows' };
  if (both === null) {
    const truth = alone === 'well' ? 'safe' : 'breaks';
    return { ...found(truth, alone), working: [{ sides: 'source', stops: false, refresh: false }] };
  }
  if (both === 'well' && (alone !== 'differs' || refresh) && alone !== 'refused')
    working.push({ sides: 'source clone', stops: alone === 'stopped', refresh });
  const apart = await otherwise(pair, work, definitions);
  if (apart !== null) return found('breaks', apart);
  const rights = await withNobodySpecial(pair, work, definitions);
  if (rights === 'stopped') return found('breaks', 'it stops a worker that is no superuser');
  const other = await onPair(pair, async (second) => {
    const clone = await step(second, second.clone, definitions, transaction);
    if (clone !== 'well') return { clone, last: clone, again: false };
    const last = await step(second, second.source, statements, transaction);
    return last === 'differs' ? { clone, last: await refreshed(second), again: true } : { clone, last, again: false };
  });
  if (other.last === 'well') working.push({ sides: 'clone source', stops: false, refresh: other.again });
  const free = working.filter(({ stops, refresh: needed }) => !stops && !needed);
  const membership = rights === 'membership';
  const safe = alone === 'well' && free.length === 2 && !membership;
  const seen = `source: ${alone}, then clone: ${both}; clone: ${other.clone}, then source: ${other.last}; rights: ${rights}`;
  return { ...found(safe ? 'safe' : working.length > 0 ? 'needs-order' : 'breaks', seen), working, membership };
}

const found = (truth: Truth, seen: string): Judged => ({ truth, working: [], seen, forRows: false, membership: false });

/**
 * A clone whose subscription belongs to no superuser, and then to one who may become whoever owns a table: on it, those alone
 * could have run what gave the table away.
 */
async function withNobodySpecial(
  pair: JudgePair,
  { statements, transaction }: Work,
  definitions: readonly string[],
): Promise<'well' | 'stopped' | 'membership'> {
  if (!statements.some((text) => /row level security|owner to|^\s*(revoke|grant)/i.test(text))) return 'well';
  return onPair(pair, async (third) => {
    await third.ownedByNobodySpecial();
    if ((await look(third)) !== 'well') throw new Error('such a worker stops before anything is done');
    // Both at once: a name that only one side has is told by the other trials.
    const failure =
      (await run(third.clone, definitions, transaction)) ?? (await run(third.source, statements, transaction));
    if (failure !== null) throw new Error(`with such a worker it ${failure}`);
    // What is refused or differs does so with any worker, and is found without this one.
    if ((await look(third)) !== 'stopped') return 'well';
    await third.ownedByWhoMayBecomeThem();
    return (await look(third)) === 'stopped' ? 'stopped' : 'membership';
  });
}

/** What two servers of one machine and one second do not show: sides on which another day is, and somebody else. */
async function otherwise(
  pair: JudgePair,
  { statements, transaction }: Work,
  definitions: readonly string[],
): Promise<string | null> {
  if (statements.some((text) => /add column/i.test(text))) {
    const same = await onPair(pair, async (both) => {
      const { source, clone } = both;
      await clone.query(`CREATE ROLE auditor SUPERUSER; SET SESSION AUTHORIZATION auditor`);
      for (const [side, zone] of [
        [clone, 'Etc/GMT-14'],
        [source, 'Etc/GMT+12'],
      ] as const) {
        await side.query(`SET TimeZone = '${zone}'`);
        // What needs rows of a statement before it fails there in any order of the sides, which the other trials find.
        if ((await run(side, side === source ? statements : definitions, transaction)) !== null) return true;
        await side.query('RESET TimeZone; RESET SESSION AUTHORIZATION');
      }
      // Rows that a statement writes come by the stream.
      return !(await both.catchesUp()) || (await sameRows(source, clone));
    });
    if (!same) return 'rows differ where both sides have another day and somebody else';
  }
  return null;
}

async function sourceFirst(
  pair: Following,
  { statements, transaction }: Work,
  definitions: readonly string[],
): Promise<{ alone: State; both: State | null; refresh: boolean }> {
  const alone = await step(pair, pair.source, statements, transaction);
  if (failed(alone) || definitions.length === 0) return { alone, both: null, refresh: false };
  const both = await step(pair, pair.clone, definitions, transaction);
  return both === 'differs' ? { alone, both: await refreshed(pair), refresh: true } : { alone, both, refresh: false };
}

async function onPair<T>(pair: JudgePair, work: (following: Following) => Promise<T>): Promise<T> {
  const following = await pair.follow();
  numberAnew();
  return work(following).finally(() => following.end());
}

/** Statements on one side; then an application writes, and rows are compared. */
async function step(
  pair: Following,
  side: Client,
  statements: readonly string[],
  transaction: boolean,
): Promise<State> {
  return (await run(side, statements, transaction)) ?? look(pair);
}

async function run(side: Client, statements: readonly string[], transaction: boolean): Promise<State | null> {
  try {
    if (transaction) await side.query('BEGIN');
    for (const statement of statements) await side.query(statement);
    if (transaction) await side.query('COMMIT');
  } catch (error) {
    await side.query('ROLLBACK');
    return /^2[23]/.test((error as { code?: string }).code ?? '') ? 'failed for rows' : 'failed';
  }
  return null;
}

async function look(pair: Following): Promise<State> {
  const refused = await write(pair.source);
  const goesOn = await pair.catchesUp();
  if (refused.length > 0) return 'refused';
  if (!goesOn) return 'stopped';
  return (await sameRows(pair.source, pair.clone)) ? 'well' : 'differs';
}

async function refreshed(pair: Following): Promise<State> {
  await pair.refreshed();
  return look(pair);
}
