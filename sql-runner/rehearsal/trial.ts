import type { Statement, Unit } from '../migration/statement';
import { isWell, NO_RIGHTS_TAKEN, type Effects, type Outcome, type Trials } from '../migration/verdict';
import { lookAnew, ownValues } from './own-values';
import { compareRows } from './compared-rows';
import { mayTake, rightsOf } from './rights';
import { tryRights } from './rights-trial';
import { enter, runPlainly, runWatched, type UnitRun } from './run-unit';
import type { ScratchPair } from './scratch-pair';
import { refusedOfOtherRows } from './rows-decide';
import { PUBLICATION, type Stage } from './stage';
import { longerThanNamed, type Writer } from './writer';
import { writeRound } from './writes';

/** All that trying a unit has shown. */
export interface Tried {
  readonly trials: Trials;
  readonly effects: readonly (Effects | null)[];
  readonly forClone: readonly Statement[];
  readonly failed: UnitRun['failed'];
  /** What the server said where rows of other values were refused; null: it was not seen to refuse any. */
  readonly refusesRows: string | null;
  /** Tables that nobody could write to, with why. */
  readonly unwritten: ReadonlyMap<string, string>;
  /** The two pairs that were tried on; whoever asked for it ends them. */
  readonly stages: readonly Stage[];
  /** The pair on which both sides have it: the source first, and the clone first. */
  readonly sourceFirst: Stage | null;
  readonly cloneFirst: Stage | null;
}

const WELL: Outcome = { stopped: null, differ: [], refused: [], failed: null };

/** @param prelude statements of the session, which those of the unit rest on */
export async function tryUnit(
  pair: ScratchPair,
  writer: Writer,
  unit: Unit,
  prelude: readonly Statement[],
): Promise<Tried> {
  const first = await pair.stage();
  const stages = [first];
  const unwritten = new Map<string, string>();
  const looking = { writer, unwritten };
  await enter(first, prelude);
  // The rows are those of the base again, and what is small takes no large numbers.
  writer.round = 0;
  writer.longer = longerThanNamed(unit.statements.map(({ text }) => text));
  const before = await published(first);
  const refusesRows = await refusedOfOtherRows(first, writer, unit);
  await lookAnew(first.source);
  const rights = await rightsOf(first.source);
  const run = await runWatched(unit, first.source, () => first.onlooker());
  const effects = unit.statements.map((_, index) => run.statements[index]?.effects ?? null);
  if (run.failed !== null) {
    const sourceAlone = { ...WELL, failed: run.failed.said };
    const trials = {
      sourceAlone,
      thenClone: null,
      cloneAlone: null,
      thenSource: null,
      publishes: false,
      refreshed: false,
      ownValues: [],
      rights: NO_RIGHTS_TAKEN,
      stoppedBefore: null,
    };
    return {
      trials,
      effects,
      forClone: [],
      failed: run.failed,
      refusesRows,
      unwritten,
      stages,
      sourceFirst: null,
      cloneFirst: null,
    };
  }
  const forClone = unit.statements.filter((statement, index) =>
    belongsToClone(statement, run.statements[index]!.defines),
  );
  const publishes = (await published(first)).some((oid) => !before.includes(oid));
  const takes = mayTake(rights, await rightsOf(first.source));
  const own = await ownValues(first.source, before);
  const sourceAlone = await lookAfterwards(first, looking);
  const base = { effects, forClone, failed: null, refusesRows, unwritten };
  if (forClone.length === 0) {
    const none = { thenClone: null, cloneAlone: null, thenSource: null, ownValues: [], rights: NO_RIGHTS_TAKEN };
    const stoppedBefore = await stopsWithout(pair, prelude, looking, sourceAlone);
    const trials = { ...none, sourceAlone, publishes, refreshed: false, stoppedBefore };
    return { ...base, trials, stages, sourceFirst: first, cloneFirst: null };
  }
  const thenClone = await addSide(first, 'clone', unit, forClone, looking, publishes);
  // Roles are of the servers: what the first pair has made would be in the way of the second.
  const roles = await pair.rolesChanged();
  if (roles) {
    stages.pop();
    await pair.drop(first);
    await pair.tidy();
  }
  const order = { sourceFirst: isWell(thenClone), settles: sourceAlone.stopped === null };
  const found = takes
    ? await tryRights(pair, writer, { unit, forClone, prelude, publishes, ...order })
    : NO_RIGHTS_TAKEN;
  const second = await pair.stage();
  stages.push(second);
  await enter(second, prelude);
  const cloneAlone = await addSide(second, 'clone', unit, forClone, looking, false);
  const thenSource = await addSide(second, 'source', unit, unit.statements, looking, publishes);
  const whole = cloneAlone.failed === null && thenSource.failed === null ? second : null;
  const trials = {
    sourceAlone,
    thenClone,
    cloneAlone,
    thenSource,
    publishes,
    refreshed: publishes,
    ownValues: own,
    rights: found,
    stoppedBefore: await stopsWithout(pair, prelude, looking, sourceAlone, thenClone, cloneAlone),
  };
  return { ...base, trials, stages, sourceFirst: roles ? whole : first, cloneFirst: whole };
}

/** Where the stream stops whatever is done: whether it does so with nothing done as well. @returns what is said then */
async function stopsWithout(
  pair: ScratchPair,
  prelude: readonly Statement[],
  { writer }: Looking,
  ...outcomes: readonly Outcome[]
): Promise<string | null> {
  if (outcomes.some(({ stopped }) => stopped === null)) return null;
  const stage = await pair.stage();
  try {
    await enter(stage, prelude);
    await writeRound(stage, writer);
    return await stage.settle();
  } finally {
    await pair.drop(stage);
  }
}

/** What only brings rows comes by replication; upkeep is each side's own; what is of the session is repeated there. */
function belongsToClone({ nature }: Statement, defines: boolean): boolean {
  return nature === 'definition' || (nature === 'either' && defines);
}

interface Looking {
  readonly writer: Writer;
  readonly unwritten: Map<string, string>;
}

/** One side gets it too; what stands in the way is looked at before and after. */
async function addSide(
  stage: Stage,
  side: 'source' | 'clone',
  unit: Unit,
  statements: readonly Statement[],
  looking: Looking,
  refresh: boolean,
): Promise<Outcome> {
  stage.forgetErrors();
  const failed = await runPlainly(unit, statements, stage.sessionOf(side));
  if (failed !== null) return { ...WELL, failed };
  if (refresh) {
    // What came between both sides is skipped until then.
    await writeRound(stage, looking.writer);
    await stage.refresh();
    stage.forgetErrors();
  }
  return lookAfterwards(stage, looking);
}

/** An application writes; then both sides are compared. */
async function lookAfterwards(stage: Stage, { writer, unwritten }: Looking): Promise<Outcome> {
  const written = await writeRound(stage, writer);
  for (const [table, said] of written.unwritten) unwritten.set(table, said);
  const stopped = await stage.settle();
  const differ = stopped === null ? await compareRows(stage) : [];
  return {
    stopped,
    differ: differ.map(({ table, words }) => `${table}: ${words}`),
    refused: written.refused,
    failed: null,
  };
}

/** The tables that the publication sends, whatever they are called. */
async function published(stage: Stage): Promise<readonly number[]> {
  const rows = await stage.source.query<{ oid: number }>(
    `SELECT c.oid::int8::float8 AS oid
       FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename WHERE p.pubname = $1`,
    [PUBLICATION],
  );
  return rows.map(({ oid }) => oid);
}
