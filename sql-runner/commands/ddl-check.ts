import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';
import { ddlCheck, exitOfCheck, type CheckedMigration, type JudgedOn, type MigrationFile } from '../actions/ddl-check';
import { judgedOn } from '../actions/judged-on';
import { openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { ddlCheckGithub } from '../render/ddl-check-github';
import { ddlCheckJson } from '../render/ddl-check-json';
import { ddlCheckJunit } from '../render/ddl-check-junit';
import { ddlCheckMarkdown } from '../render/ddl-check-markdown';
import { ddlCheckSarif } from '../render/ddl-check-sarif';
import { ddlCheckText } from '../render/ddl-check-text';
import type { Style } from '../render/style';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export type DdlCheckFormat = 'text' | 'json' | 'sarif' | 'junit' | 'github' | 'markdown';

export interface DdlCheckOptions extends CommonOptions {
  /** Exactly one of both. */
  readonly schemaFrom?: string;
  readonly environment?: string;
  readonly database?: string;
  readonly bindir?: string;
  readonly major?: number;
  readonly subscription: string;
  readonly singleTransaction: boolean;
  readonly format: DdlCheckFormat;
}

/** Judges files of SQL on local servers. Of an environment only definitions and sizes are read. */
export async function ddlCheckCommand(paths: readonly string[], options: DdlCheckOptions): Promise<number> {
  const output = outputFor(options);
  const files = paths.flatMap(filesOf);
  const checked = await ddlCheck({
    files,
    whole: options.singleTransaction,
    on: await judgedOnWhat(options),
    bindir: options.bindir,
    onJudged: ({ unit, verdict }) =>
      output.log(`${unit.statements[0]!.file}:${unit.statements[0]!.line}: ${verdict.class}`),
  });
  output.out(rendered(checked, options.json ? 'json' : options.format, output.style));
  return exitOfCheck(checked);
}

function rendered(checked: CheckedMigration, format: DdlCheckFormat, style: Style): string {
  switch (format) {
    case 'json':
      return jsonDocument(ddlCheckJson(checked));
    case 'sarif':
      return JSON.stringify(ddlCheckSarif(checked), null, 2);
    case 'junit':
      return ddlCheckJunit(checked);
    case 'github':
      return ddlCheckGithub(checked);
    case 'markdown':
      return ddlCheckMarkdown(checked);
    case 'text':
      return ddlCheckText(checked, style);
  }
}

/** A file, or the .sql files of a folder, V2 before V10. */
function filesOf(path: string): MigrationFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ name: path, sql: readFileSync(path, 'utf8') }];
    const names = readdirSync(path).filter((name) => name.endsWith('.sql'));
    const inOrder = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    if (inOrder.length === 0) throw unreadable(path, 'it has no file that ends with .sql');
    return inOrder.map((name) => ({ name: join(path, name), sql: readFileSync(join(path, name), 'utf8') }));
  } catch (cause) {
    throw cause instanceof OperatorError
      ? cause
      : unreadable(path, cause instanceof Error ? cause.message : String(cause));
  }
}

const unreadable = (path: string, said: string): OperatorError =>
  new OperatorError({
    code: 'DDL_FILE_UNREADABLE',
    seen: `${path} cannot be read: ${said}`,
    why: 'no statement of any file was tried',
    next: 'name files of SQL, or a folder that has some',
    location: path,
  });

async function judgedOnWhat(options: DdlCheckOptions): Promise<JudgedOn> {
  const { schemaFrom, environment, database, bindir } = options;
  if (environment === undefined) return onFile(schemaFrom!, options);
  return judgedOn(openToLook, await readContracts({ environment, ...options }), database, bindir);
}

/** The schema of a file is that of both sides. */
function onFile(schemaFrom: string, { subscription, major }: DdlCheckOptions): JudgedOn {
  const schema = { name: schemaFrom, sql: schemaText(schemaFrom) };
  return {
    name: basename(schemaFrom),
    schemas: { source: schema, clone: schema },
    major: major ?? dumpedFrom(schema.sql),
    tables: null,
    inPart: [],
    without: [],
    replicates: [],
    target: { subscription, environment: null, carried: false },
    sizes: null,
    mode: 'off',
  };
}

function schemaText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OperatorError({
      code: 'DDL_SCHEMA_UNREADABLE',
      seen: `the schema ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      why: 'a migration is judged on a scratch copy of the schema; no statement was tried',
      next: 'write it with: pg_dump --schema-only --file schema.sql',
      location: path,
      cause,
    });
  }
}

/** As pg_dump notes it. */
function dumpedFrom(sql: string): number | null {
  const major = /^-- Dumped from database version (\d+)/m.exec(sql)?.[1];
  return major === undefined ? null : Number(major);
}
