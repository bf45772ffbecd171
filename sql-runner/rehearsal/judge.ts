import { conclude } from '../migration/conclude';
import type { Statement, Unit } from '../migration/statement';
import type { JudgedUnit, Verdict } from '../migration/verdict';
import { equalise } from './equalise';
import type { ScratchPair } from './scratch-pair';
import { tryUnit, type Tried } from './trial';
import { newWriter, type Writer } from './writes';

export interface JudgeOptions {
  /** What the units are judged one after the other on; each on what those before have left. Else each on the base. */
  readonly onEachOther: boolean;
  readonly onJudged?: (judged: JudgedUnit) => void;
}

/** Judges units by trying them. After one that fails, or whose rows cannot be made equal, the others are not tried. */
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
    const one = hindered === null ? await judgeUnit(pair, unit, prelude, options, writer) : untried(unit, hindered);
    if (!options.onEachOther) prelude.length = 0;
    else if (one.verdict.class === 'fails') hindered = 'a statement before it fails';
    else if (one.hindered) hindered = 'what a statement before it leaves behind could not be made equal';
    judged.push(one);
    options.onJudged?.(one);
  }
  return judged;
}

type Judged = JudgedUnit & { readonly hindered?: boolean };

async function judgeUnit(
  pair: ScratchPair,
  unit: Unit,
  prelude: Statement[],
  { onEachOther }: JudgeOptions,
  writer: Writer,
): Promise<Judged> {
  if (unit.statements.every(({ nature }) => nature === 'session')) {
    prelude.push(...unit.statements);
    return bare(unit, {
      class: 'safe',
      order: 'source',
      refresh: false,
      breaks: [],
      why: 'it is of the session alone',
    });
  }
  const apart = unit.statements.find(({ nature }) => nature === 'untried');
  if (apart !== undefined)
    return untried(unit, 'it is of the whole server, or of replication itself, and is not tried');
  const tried = await tryUnit(pair, writer, unit, prelude);
  let kept: Kept = null;
  try {
    const verdict = withUnwritten(conclude(tried.trials), tried);
    if (onEachOther && verdict.class !== 'fails') kept = await keepResult(tried, verdict);
    return { ...judgedOf(unit, tried, verdict), hindered: kept === 'none' };
  } finally {
    if (kept !== null && kept !== 'none') await pair.keep(kept);
    for (const stage of tried.stages) if (stage !== kept) await pair.drop(stage);
    await pair.tidy();
  }
}

type Kept = Tried['stages'][number] | 'none' | null;

/** The pair that goes on is one on which the advised order was carried out, or one that was made equal. */
async function keepResult(tried: Tried, { order }: Verdict): Promise<Kept> {
  if (order === 'clone-source') return tried.cloneFirst;
  const stage = tried.sourceFirst;
  if (stage === null) return 'none';
  if (order !== null) return stage;
  return (await equalise(stage)) ? stage : 'none';
}

/** Where nobody could write a row, nothing is known of what rows do. */
function withUnwritten(verdict: Verdict, { unwritten }: Tried): Verdict {
  const [first] = unwritten;
  if (first === undefined || !['safe', 'needs-order'].includes(verdict.class)) return verdict;
  const why = `no row could be written to ${first[0]} afterwards: ${first[1]}`;
  return { ...verdict, class: 'not-judged', why };
}

function judgedOf(unit: Unit, tried: Tried, verdict: Verdict): JudgedUnit {
  const statements = unit.statements.map((statement, index) => ({ statement, effects: tried.effects[index] ?? null }));
  return { unit, statements, verdict, forClone: tried.forClone, failed: tried.failed };
}

const untried = (unit: Unit, why: string): Judged =>
  bare(unit, { class: 'not-judged', order: null, refresh: false, breaks: [], why });

const bare = (unit: Unit, verdict: Verdict): Judged => ({
  unit,
  statements: unit.statements.map((statement) => ({ statement, effects: null })),
  verdict,
  forClone: [],
  failed: null,
});
