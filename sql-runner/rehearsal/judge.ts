import { conclude } from '../migration/conclude';
import type { Statement, Unit } from '../migration/statement';
import type { JudgedUnit, Verdict } from '../migration/verdict';
import type { ScratchPair } from './scratch-pair';
import { tryUnit, type Tried } from './trial';
import { fitRows, isOfRows } from './rows-decide';
import { seedAnew } from './seeds';
import { newWriter, type Writer } from './writer';

export interface JudgeOptions {
  /** What the units are judged one after the other on; each on what those before have left. Else each on the base. */
  readonly onEachOther: boolean;
  readonly onJudged?: (judged: JudgedUnit) => void;
  /** Tables that are replicated otherwise than here, and why. What touches one of them is not judged. */
  readonly apart?: ReadonlyMap<string, string>;
  /** Roles that replication itself is done as. */
  readonly replicates?: readonly string[];
}

/** Judges units by trying them. After one that fails, or that the clone cannot get, the others are not tried. */
export async function judgeUnits(
  pair: ScratchPair,
  units: readonly Unit[],
  options: JudgeOptions,
  writer: Writer = newWriter(),
): Promise<readonly JudgedUnit[]> {
  const judged: JudgedUnit[] = [];
  const prelude: Statement[] = [];
  let hindered: string | null = null;
  for (const unit of units) {
    const one: Judged =
      hindered === null ? await judgeUnit(pair, unit, prelude, options, writer) : untried(unit, hindered);
    if (!options.onEachOther) prelude.length = 0;
    else if (one.verdict.class === 'fails') hindered = 'a statement before it fails';
    else if (one.hindered !== undefined) hindered = one.hindered;
    judged.push(one);
    options.onJudged?.(one);
  }
  return judged;
}

/** @property hindered why nothing can be tried on what it leaves behind */
type Judged = JudgedUnit & { readonly hindered?: string };

async function judgeUnit(
  pair: ScratchPair,
  unit: Unit,
  prelude: Statement[],
  { onEachOther, apart = new Map(), replicates = [] }: JudgeOptions,
  writer: Writer,
): Promise<Judged> {
  if (unit.statements.every(({ nature }) => nature === 'session')) {
    prelude.push(...unit.statements);
    return bare(unit, {
      class: 'safe',
      order: 'source',
      refresh: false,
      grants: [],
      breaks: [],
      why: 'it is of the session alone',
    });
  }
  const other = unit.statements.find(
    ({ nature, roles }) => nature === 'untried' || roles.some((role) => replicates.includes(role)),
  );
  if (other !== undefined)
    return untried(unit, 'it is of the whole server, or of replication itself, and is not tried');
  const first = await tryUnit(pair, writer, unit, prelude);
  if (first.failed === null || !isOfRows(first.failed.sqlState))
    return concluded(pair, writer, unit, first, { onEachOther, apart });
  for (const stage of first.stages) await pair.drop(stage);
  await pair.tidy();
  const refused = first.failed.said;
  try {
    const again = (await fitRows(pair, writer, unit, prelude)) ? await tryUnit(pair, writer, unit, prelude) : null;
    if (again?.failed === null)
      return await concluded(
        pair,
        writer,
        unit,
        { ...again, refusesRows: again.refusesRows ?? refused },
        { onEachOther, apart },
      );
    for (const stage of again?.stages ?? []) await pair.drop(stage);
    await pair.tidy();
    return {
      ...untried(unit, NO_ROWS_FIT),
      refusesRows: refused,
      hindered: 'a statement before it could not be tried',
    };
  } finally {
    await pair.onBase((session, side) => seedAnew(session, writer, side));
  }
}

const NO_ROWS_FIT = 'no rows could be made up that it takes';

async function concluded(
  pair: ScratchPair,
  writer: Writer,
  unit: Unit,
  tried: Tried,
  { onEachOther, apart }: Required<Pick<JudgeOptions, 'onEachOther' | 'apart'>>,
): Promise<Judged> {
  let kept: Kept = null;
  try {
    const seen = withUnwritten(conclude(tried.trials), tried, writer);
    const verdict = withApart(withRowsOfBoth(seen, tried), tried, apart);
    if (onEachOther && verdict.class !== 'fails') kept = resultOf(tried, verdict);
    return { ...judgedOf(unit, tried, verdict), ...(kept === 'none' ? { hindered: NOT_ON_CLONE } : {}) };
  } finally {
    for (const stage of tried.stages) if (stage !== kept) await pair.drop(stage);
    if (kept !== null && kept !== 'none') {
      await pair.keep(kept);
      // Rows that were written to try the ends of everything would be in the way of what comes next.
      await pair.onBase((session, side) => seedAnew(session, writer, side));
    }
    await pair.tidy();
  }
}

const NOT_ON_CLONE = 'what a statement before it leaves behind could not be brought to the clone';

type Kept = Tried['stages'][number] | 'none' | null;

/** The pair that goes on is one on which both sides have it, by the advised order where there is one. */
function resultOf({ sourceFirst, cloneFirst, trials }: Tried, { order }: Verdict): Kept {
  if (order === 'clone-source') return cloneFirst ?? 'none';
  return sourceFirst === null || trials.thenClone?.failed != null ? 'none' : sourceFirst;
}

/**
 * Where nobody could write a row, nothing is known of what rows do. A table that took none before is told of once, and is
 * held against those statements alone that lock it.
 */
function withUnwritten(verdict: Verdict, { unwritten, effects }: Tried, { unwritable }: Writer): Verdict {
  const locked = new Set(effects.flatMap((one) => one?.locks ?? []).map(({ table }) => table));
  const found = [...unwritten].find(([table]) => !unwritable.has(table) || locked.has(table));
  if (found === undefined || !['safe', 'needs-order'].includes(verdict.class)) return verdict;
  return { ...verdict, class: 'not-judged', why: `no row could be written to ${found[0]} afterwards: ${found[1]}` };
}

/**
 * What defines and writes rows at once runs on both sides, and brings its rows twice. Whether it does is seen only of those rows
 * that are there: a loop over what is found may find nothing here.
 */
function withRowsOfBoth(verdict: Verdict, { forClone }: Tried): Verdict {
  const found = forClone.some(({ nature, text }) => nature === 'either' && WRITES_ROWS.test(text));
  if (!found || !['safe', 'needs-order'].includes(verdict.class)) return verdict;
  const why =
    'it defines and may write rows in one statement, which the clone would have twice: write the rows in another';
  return { ...verdict, class: 'not-judged', order: null, why };
}

const WRITES_ROWS =
  /\binsert\s+into\b|\bupdate\s+(only\s+)?[\w".%*]+(\s+(as\s+)?\w+)?\s+set\b|\bdelete\s+from\b|\bmerge\s+into\b|\bcopy\s|\btruncate\b/i;

/** What was seen is not what production replicates: neither that it is safe, nor the order, nor that it breaks. */
function withApart(verdict: Verdict, { effects }: Tried, apart: ReadonlyMap<string, string>): Verdict {
  const locked = effects.flatMap((one) => one?.locks ?? []).map(({ table }) => table);
  const found = locked.find((table) => apart.has(table));
  if (found === undefined || verdict.class === 'fails') return verdict;
  return { ...verdict, class: 'not-judged', order: null, why: `it is about ${found}: ${apart.get(found)!}` };
}

function judgedOf(unit: Unit, tried: Tried, verdict: Verdict): JudgedUnit {
  const statements = unit.statements.map((statement, index) => ({ statement, effects: tried.effects[index] ?? null }));
  return { unit, statements, verdict, forClone: tried.forClone, failed: tried.failed, refusesRows: tried.refusesRows };
}

const untried = (unit: Unit, why: string): Judged =>
  bare(unit, { class: 'not-judged', order: null, refresh: false, grants: [], breaks: [], why });

const bare = (unit: Unit, verdict: Verdict): Judged => ({
  unit,
  statements: unit.statements.map((statement) => ({ statement, effects: null })),
  verdict,
  forClone: [],
  failed: null,
  refusesRows: null,
});
