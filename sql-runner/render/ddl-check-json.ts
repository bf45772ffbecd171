import type { CheckedMigration } from '../actions/ddl-check';
import { locksSaid, type LockSaid } from '../migration/lock-words';
import { stepsOf, type Step } from '../migration/steps';
import type { Break, Order, Verdict } from '../migration/verdict';

/** What `ddl check --json` prints. */
export interface DdlCheckDocument {
  readonly schema: string;
  readonly postgres: string;
  readonly ddl: 'off';
  readonly mode: CheckedMigration['mode'];
  readonly units: readonly JudgedPiece[];
  /** In this order; null: there is none for all of it. */
  readonly steps: readonly Step[] | null;
  readonly published: readonly string[];
  readonly leftOut: readonly { readonly place: string; readonly said: string }[];
  readonly roles: readonly string[];
  readonly unwritten: Readonly<Record<string, string>>;
}

/** What is committed at once, with one verdict. */
export interface JudgedPiece {
  readonly verdict: Verdict['class'];
  readonly order: Order | null;
  readonly refresh: boolean;
  readonly why: string;
  readonly breaks: readonly Break[];
  readonly failed: { readonly file: string; readonly line: number; readonly said: string } | null;
  /** Rows that were made up were refused, with these words of the server: those of production decide. */
  readonly refusesRows: string | null;
  readonly transaction: boolean;
  readonly statements: readonly JudgedLine[];
}

export interface JudgedLine {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** It has to be run on the clone as well. */
  readonly onClone: boolean;
  readonly locks: readonly LockSaid[];
  readonly rewrites: readonly { readonly table: string; readonly walBytes: number | null }[];
  readonly outsideTransaction: boolean;
}

export function ddlCheckJson(checked: CheckedMigration): DdlCheckDocument {
  const { judged, leftOut, roles, published, schema, version, target, unwritten, ddl, mode, sizes } = checked;
  const units = judged.map(({ unit, statements, verdict, forClone, failed, refusesRows }) => ({
    verdict: verdict.class,
    order: verdict.order,
    refresh: verdict.refresh,
    why: verdict.why,
    breaks: verdict.breaks,
    failed: failed === null ? null : { file: failed.statement.file, line: failed.statement.line, said: failed.said },
    refusesRows,
    transaction: unit.transaction,
    statements: statements.map(({ statement, effects }) => ({
      file: statement.file,
      line: statement.line,
      sql: statement.text,
      onClone: forClone.includes(statement),
      locks: effects === null ? [] : locksSaid(effects),
      rewrites: (effects?.rewrites ?? []).map((table) => ({ table, walBytes: sizes?.[table] ?? null })),
      outsideTransaction: effects?.outsideTransaction ?? false,
    })),
  }));
  const left = leftOut.map(({ place, said }) => ({ place, said }));
  return {
    schema,
    postgres: version,
    ddl,
    mode,
    units,
    steps: stepsOf(judged, target),
    published,
    leftOut: left,
    roles,
    unwritten,
  };
}
