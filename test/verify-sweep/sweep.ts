import { verifyTables } from '../../sql-runner/verify/verify-tables';
import type { TableVerdict } from '../../sql-runner/verify/types';
import { eventually } from '../support/eventually';
import { startReplicatedPair, type ReplicatedPair } from '../sql-runner/verify/replicated-pair';
import { Dice } from './dice';
import { fault, FAULTS, type FaultKind } from './faults';
import { differences } from './oracle';
import { EXTRA, fillSql, STILL, sweepDdl, sweepTables, type SweepTable } from './tables';
import { startSweepWriters, type SweepWriters } from './writers';

export interface SweepSize {
  readonly seed: number;
  readonly tables: number;
  /** Columns of each. */
  readonly width: number;
  /** How many of each kind; no two faults are in one table at a time. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Times that all tables are compared without a fault. */
  readonly cleanRuns: number;
}

export interface SweepResult {
  readonly planted: Readonly<Record<FaultKind, number>>;
  readonly cleanRuns: number;
  /** Statements of the writers meanwhile. */
  readonly writes: number;
  /** What was overlooked, and what was reported without being there. */
  readonly wrong: readonly string[];
}

/** Plants faults on a target that is being replicated to, and holds verify against the oracle. */
export async function sweep(size: SweepSize): Promise<SweepResult> {
  const dice = new Dice(size.seed);
  const tables = sweepTables(size.tables, size.width);
  const pair = await startReplicatedPair(sweepDdl(tables));
  try {
    await fill(pair, tables, dice);
    const writers = startSweepWriters(await pair.test.connect('shop'), tables, new Dice(size.seed + 1));
    try {
      return await new Sweep(pair, tables, dice).run(size, writers);
    } finally {
      await writers.stop();
    }
  } finally {
    await pair.test.stop();
  }
}

async function fill(pair: ReplicatedPair, tables: readonly SweepTable[], dice: Dice): Promise<void> {
  for (const statement of fillSql(tables, dice)) await pair.source.query(statement);
  const last = tables.at(-1)!.name;
  await eventually(async () => {
    const counts = await Promise.all(
      [pair.source, pair.target].map((side) => side.query(`SELECT count(*) FROM ${last}`)),
    );
    return counts[0]!.rows[0].count === counts[1]!.rows[0].count;
  });
  for (const { name } of tables) await pair.target.query(`CREATE TABLE pristine_${name} AS TABLE ${name}`);
}

class Sweep {
  private readonly planted: Record<FaultKind, number> = {
    exchange: 0,
    rotation: 0,
    move: 0,
    bit: 0,
    missing: 0,
    extra: 0,
  };
  private readonly wrong: string[] = [];

  constructor(
    private readonly pair: ReplicatedPair,
    private readonly tables: readonly SweepTable[],
    private readonly dice: Dice,
  ) {}

  async run(size: SweepSize, writers: SweepWriters): Promise<SweepResult> {
    for (let run = 1; run <= size.cleanRuns; run += 1) {
      for (const verdict of await this.verify()) {
        if (verdict.status !== 'equal') this.wrong.push(`clean run ${run}: ${told(verdict)}`);
      }
    }
    const due = this.dice.shuffled(FAULTS.flatMap((kind) => Array<FaultKind>(size.faults[kind]).fill(kind)));
    while (due.length > 0) await this.batch(due.splice(0, this.tables.length));
    return { planted: this.planted, cleanRuns: size.cleanRuns, writes: await writers.stop(), wrong: this.wrong };
  }

  /** One fault in each of the first tables; all are compared, repaired, and the rest must be equal. */
  private async batch(kinds: readonly FaultKind[]): Promise<void> {
    const faults: { kind: FaultKind; sql: string; ids: number[]; expected: string[] }[] = [];
    for (const [i, kind] of kinds.entries()) faults.push({ kind, ...(await this.plant(kind, this.tables[i]!)) });
    const verdicts = await this.verify();
    for (const [i, verdict] of verdicts.entries()) {
      const { kind, sql, expected } = faults[i] ?? { kind: 'nothing', sql: '', expected: [] };
      const found = foundIn(verdict);
      if (!matches(this.tables[i]!, found, expected)) {
        this.wrong.push(
          `${kind} in ${verdict.name}: expected ${expected.map(short).join(', ')}; ${told(verdict)}; ${short(sql)}`,
        );
      }
    }
    for (const [i, { ids }] of faults.entries()) await this.repair(this.tables[i]!, ids);
  }

  /** Values may be alike already: throws the dice until the judge sees a difference. */
  private async plant(kind: FaultKind, table: SweepTable): Promise<{ sql: string; ids: number[]; expected: string[] }> {
    for (;;) {
      const { sql, ids } = fault(kind, table, this.dice);
      await this.pair.target.query(sql);
      const expected = await differences(this.pair.source, this.pair.target, table);
      if (expected.length > 0) {
        this.planted[kind] += 1;
        return { sql, ids, expected };
      }
      await this.repair(table, ids);
    }
  }

  private async repair({ name }: SweepTable, ids: readonly number[]): Promise<void> {
    await this.pair.target.query(`DELETE FROM ${name} WHERE id = ANY ($1) OR id >= ${EXTRA}`, [ids]);
    await this.pair.target.query(
      `INSERT INTO ${name} SELECT * FROM pristine_${name} WHERE id = ANY ($1) AND id <= ${STILL}`,
      [ids],
    );
  }

  private verify(): Promise<TableVerdict[]> {
    const tables = this.tables.map(({ name }) => ({ schema: 'public', name }));
    return verifyTables({ ...this.pair.sessions, tables, maxDifferences: 1_000, concurrency: 4 });
  }
}

const KINDS = { different: 'different', 'missing on target': 'missing', 'extra on target': 'extra' } as const;

const foundIn = ({ differences: found }: TableVerdict): string[] =>
  found.map(({ key, kind }) => `${KINDS[kind]} ${Object.values(key).join('|')}`).sort();

/** A row without a key is shown by the start of its text: there the kinds are compared, and how many. */
function matches({ key }: SweepTable, found: readonly string[], expected: readonly string[]): boolean {
  const named = (texts: readonly string[]): string =>
    texts
      .map((text) => (key === null ? text.split(' ')[0]! : text))
      .sort()
      .join('\n');
  return named(found) === named(expected);
}

const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

const told = (verdict: TableVerdict): string =>
  `verify says ${verdict.status} ${verdict.reason ?? ''} ${foundIn(verdict).map(short).join(', ')}`;
