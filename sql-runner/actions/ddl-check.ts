import { exitCode, type PRECEDENCE } from '../../errors/exit-codes';
import { OperatorError } from '../../errors/operator-error';
import { unitsOf } from '../migration/split';
import type { Unit } from '../migration/statement';
import type { StepsFor } from '../migration/steps';
import type { JudgedUnit, Verdict } from '../migration/verdict';
import type { QualifiedName } from '../postgres/text/quoting';
import { furnish } from '../rehearsal/furnish';
import { judgeUnits } from '../rehearsal/judge';
import type { LeftOut, SchemaText } from '../rehearsal/load-schema';
import { ScratchPair, type ScratchSide } from '../rehearsal/scratch-pair';
import { standsApart } from '../rehearsal/stands-apart';
import type { Writer } from '../rehearsal/writer';

export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

/** On what a migration is judged. */
export interface JudgedOn {
  /** What the schema is called where it is told. */
  readonly name: string;
  readonly schemas: Readonly<Record<ScratchSide, SchemaText>>;
  /** Of PostgreSQL; null: any that is on this machine. */
  readonly major: number | null;
  /** What the publication names; null: all that can be published. */
  readonly tables: readonly QualifiedName[] | null;
  /** Of them those that are published by a column list or a row filter, as they are shown. */
  readonly inPart: readonly string[];
  /** Schemas that were left out. */
  readonly without: readonly string[];
  /** Who replicates: what is about it is not judged. */
  readonly replicates: readonly string[];
  readonly target: StepsFor;
  /** Of tables on the source, in bytes with indexes; null: nobody looked. */
  readonly sizes: Readonly<Record<string, number>> | null;
  /** How DDL follows in the environment that this was read of. */
  readonly mode: DdlMode;
}

/** What becomes of DDL of the source by itself. */
export type DdlMode = 'off' | 'apply' | 'record';

export interface DdlCheckRequest {
  readonly files: readonly MigrationFile[];
  /** Each file is run as one transaction. */
  readonly whole: boolean;
  readonly on: JudgedOn;
  readonly bindir: string | undefined;
  readonly onJudged?: (judged: JudgedUnit) => void;
}

/** What was found of a migration, and what it was tried on. */
export interface CheckedMigration {
  readonly judged: readonly JudgedUnit[];
  readonly schema: string;
  readonly version: string;
  readonly published: readonly string[];
  readonly target: StepsFor;
  readonly sizes: Readonly<Record<string, number>> | null;
  readonly leftOut: readonly LeftOut[];
  readonly roles: readonly string[];
  /** Published tables that no row could be made up for: what becomes of their rows was not looked at. */
  readonly unwritten: Readonly<Record<string, string>>;
  /** How definitions reach the clone in what was judged. */
  readonly ddl: 'off';
  /** And how they do in the environment, where it was judged on one. */
  readonly mode: DdlMode;
}

/** Judges a migration by trying it on local servers. @throws OperatorError of codes DDL_… */
export async function ddlCheck({ files, whole, on, bindir, onJudged }: DdlCheckRequest): Promise<CheckedMigration> {
  const units: Unit[] = [];
  for (const { name, sql } of files) units.push(...(await unitsOf(name, sql, whole)));
  const pair = await ScratchPair.start(on.major, bindir);
  try {
    const roles = rolesNamed(units);
    const furnished = await furnish(pair, { schemas: on.schemas, tables: on.tables, roles, without: on.without });
    if (furnished.published.length === 0) throw nothingPublished(on.name, furnished.leftOut);
    if (on.schemas.source !== on.schemas.clone) await refuseApart(pair, furnished.writer);
    const apart = new Map([
      ...furnished.lacking.map(
        (table) => [table, 'it is replicated, and could not be published on the local servers'] as const,
      ),
      ...on.inPart.map((table) => [table, 'its column list or row filter is not there on the local servers'] as const),
    ]);
    const judged = await judgeUnits(
      pair,
      units,
      { onEachOther: true, onJudged, apart, replicates: on.replicates },
      furnished.writer,
    );
    const { published, leftOut, unwritten } = furnished;
    return {
      judged,
      schema: on.name,
      version: pair.version,
      published,
      target: on.target,
      sizes: on.sizes,
      leftOut,
      roles: furnished.roles,
      unwritten: Object.fromEntries(unwritten),
      mode: on.mode,
      ddl: 'off',
    };
  } finally {
    await pair.close();
  }
}

/** Roles are of the server: what the migration grants to has to be there, unless the migration makes it. */
function rolesNamed(units: readonly Unit[]): string[] {
  const statements = units.flatMap((unit) => unit.statements);
  const made = statements.filter(({ node }) => node === 'CreateRoleStmt').map(({ text }) => text);
  const named = new Set(statements.flatMap((statement) => statement.roles));
  return [...named].filter((role) => !made.some((text) => text.includes(role)));
}

const KINDS: Readonly<Record<Verdict['class'], (typeof PRECEDENCE)[number]>> = {
  safe: 'done',
  'needs-order': 'changes',
  'not-judged': 'changes',
  breaks: 'blocked',
  fails: 'error',
};

/** 0: safe; 2: it needs an order, or was not judged; 10: it breaks replication; 1: it fails. */
export const exitOfCheck = ({ judged }: CheckedMigration): number =>
  exitCode(...judged.map(({ verdict }) => KINDS[verdict.class]));

function nothingPublished(schema: string, leftOut: readonly LeftOut[]): OperatorError {
  const [first] = leftOut;
  return new OperatorError({
    code: 'DDL_TABLE_UNPUBLISHED',
    seen: `${schema} has no table that could be published${first === undefined ? '' : `; ${first.place} was refused: ${first.said}`}`,
    why: 'without a replicated table nothing can be said about replication; no statement was tried',
    next: 'name the schema of the database that is replicated: pg_dump --schema-only writes it',
  });
}

/** Where the clone does not follow as both are, nothing is to be seen of what a migration does. */
async function refuseApart(pair: ScratchPair, writer: Writer): Promise<void> {
  const said = await standsApart(pair, writer);
  if (said === null) return;
  throw new OperatorError({
    code: 'DDL_SIDES_DIFFER',
    seen: `with the schemas of both sides as they are, and before any statement: ${said}`,
    why: 'what a migration does to replication cannot be told from what is so already; no statement was tried',
    next: 'sql-runner schema <environment> shows where both sides differ, and the SQL that mends it; then run this again',
  });
}
