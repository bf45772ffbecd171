import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { exitOfCheck, type CheckedMigration } from '../../../sql-runner/actions/ddl-check';
import type { Statement } from '../../../sql-runner/migration/statement';
import type { JudgedUnit, Verdict } from '../../../sql-runner/migration/verdict';
import { ddlCheckGithub } from '../../../sql-runner/render/ddl-check-github';
import { ddlCheckJson } from '../../../sql-runner/render/ddl-check-json';
import { ddlCheckJunit } from '../../../sql-runner/render/ddl-check-junit';
import { ddlCheckMarkdown } from '../../../sql-runner/render/ddl-check-markdown';
import { ddlCheckSarif } from '../../../sql-runner/render/ddl-check-sarif';
import { ddlCheckText } from '../../../sql-runner/render/ddl-check-text';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { ddlCheckDocument } from '../../../sql-runner/render/schemas/ddl-check';
import { styleFor } from '../../../sql-runner/render/style';

const statement = (line: number, text: string): Statement => ({
  file: 'V1.sql',
  line,
  text,
  node: 'AlterTableStmt',
  nature: 'definition',
  roles: [],
});

function unit(line: number, text: string, verdict: Partial<Verdict>, more: Partial<JudgedUnit> = {}): JudgedUnit {
  const one = statement(line, text);
  const effects = {
    rewrites: ['public.t'],
    scans: [],
    locks: [{ table: 'public.t', mode: 'AccessExclusiveLock' }],
    outsideTransaction: true,
  };
  return {
    unit: { statements: [one], transaction: false },
    statements: [{ statement: one, effects }],
    verdict: {
      class: 'safe',
      order: 'source-clone',
      refresh: false,
      grants: [],
      breaks: [],
      why: 'rows stay equal',
      ...verdict,
    },
    forClone: [one],
    failed: null,
    refusesRows: null,
    ...more,
  };
}

const order = unit(3, 'ALTER TABLE t ADD COLUMN "a|b" int', {
  class: 'needs-order',
  order: 'clone-source',
  breaks: [{ how: 'stops', when: 'source-first', words: 'the stream stops: <a> & "b": 100%, or more' }],
});
const safe = unit(1, 'CREATE INDEX ON t (a)', {});
const breaks = unit(5, 'ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()', { class: 'breaks', order: null });
const failing = unit(7, 'ALTER TABLE u ADD d int', { class: 'fails', order: null });
const fails = { ...failing, failed: { statement: statement(7, ''), said: 'relation "u" does not exist' } };
const apart = unit(9, 'ALTER SYSTEM RESET ALL', { class: 'not-judged', order: null, why: 'it is of the whole server' });

const checked = (...judged: JudgedUnit[]): CheckedMigration => ({
  judged,
  schema: 'schema.sql',
  version: '17.10',
  published: ['public.t'],
  target: { subscription: 'dev', environment: null, carried: false },
  sizes: { 'public.t': 1_500_000 },
  leftOut: [
    { place: 'schema.sql:4', said: 'extension "aws_s3" is not available', statement: 'CREATE EXTENSION aws_s3' },
  ],
  roles: ['app'],
  unwritten: {},
  ddl: 'off',
  mode: 'off',
});
const all = checked(safe, order, breaks, fails, apart);
const byRows = unit(2, 'ALTER TABLE t ALTER a SET NOT NULL', {}, { refusesRows: 'column "a" contains null values' });

test('that the rows decide is told beside the verdict, in each form', () => {
  const found = checked({ ...byRows, verdict: { ...byRows.verdict, class: 'needs-order' } });
  const text = ddlCheckText(found, styleFor(process.stdout, true));
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  for (const form of [text, JSON.stringify(ddlCheckSarif(found)), ddlCheckJunit(found), ddlCheckMarkdown(found)])
    expect(form.replace(/&quot;|\\"/g, '"').replace(/\s+/g, ' ')).toContain('column "a" contains null values');
});

test.each<[string, CheckedMigration, number]>([
  ['all safe', checked(safe), 0],
  ['an order', checked(safe, order), 2],
  ['not judged', checked(safe, apart), 2],
  ['one that breaks', checked(order, breaks), 10],
  ['one that fails', checked(breaks, fails), 1],
])('%s ends with its exit code', (_, found, code) => expect(exitOfCheck(found)).toBe(code));

test('as text it fits into 80 columns, and has the SQL of each side in its order', () => {
  const text = ddlCheckText(checked(safe, order), styleFor(process.stdout, true));
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toContain(
    [
      'In this order:',
      '1. on the source:',
      '   CREATE INDEX ON t (a);',
      '2. on the clone, once sql-runner status shows it in sync:',
      '   CREATE INDEX ON t (a);',
      '3. on the clone:',
      '   ALTER TABLE t ADD COLUMN "a|b" int;',
      '4. on the source:',
      '   ALTER TABLE t ADD COLUMN "a|b" int;',
    ].join('\n'),
  );
  expect(text).toContain('rewrites: public.t, about 1.5 MB of WAL');
  expect(text).toContain('cannot run in a transaction');
  expect(text).toContain('schema.sql:4');
});

test('where one of them breaks, no order is given', () => {
  expect(ddlCheckText(all, styleFor(process.stdout, true))).toContain(
    'There is no order in which all of it can be run.',
  );
  expect(ddlCheckJson(all).steps).toBeNull();
});

test('as JSON it is what its schema says', () => {
  for (const found of [all, checked(safe, order)])
    expect(ddlCheckDocument.parse({ format_version: FORMAT_VERSION, ...ddlCheckJson(found) })).toBeTruthy();
});

test('SARIF has a result for each that is not safe, at its line', () => {
  const { runs } = ddlCheckSarif(all) as { runs: { results: { ruleId: string; level: string }[] }[] };
  expect(runs[0]!.results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
    'DDL_NEEDS_ORDER warning',
    'DDL_BREAKS error',
    'DDL_FAILS error',
    'DDL_NOT_JUDGED warning',
  ]);
  expect(JSON.stringify(runs)).toContain('"region":{"startLine":7}');
});

test('JUnit counts what failed and what was skipped, and escapes what was said', () => {
  const xml = ddlCheckJunit(all);
  expect(xml).toContain('tests="5" failures="3" skipped="1"');
  expect(xml).toContain('&lt;a&gt; &amp; &quot;b&quot;');
  expect(xml).not.toMatch(/<a>/);
});

test('annotations of GitHub are one line each, at the file and line', () => {
  const lines = ddlCheckGithub(all).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^::warning file=V1\.sql,line=3,title=DDL_NEEDS_ORDER::needs order: clone first/);
  expect(lines[0]).toContain('100%25');
  expect(ddlCheckGithub(checked(safe))).toBe('::notice::every statement is safe');
});

test('a comment is a table in which no statement ends its cell', () => {
  const rows = ddlCheckMarkdown(checked(order))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows).toHaveLength(1);
  expect(rows[0]!.match(/(?<!\\)\|/g)).toHaveLength(5);
  expect(rows[0]).toContain('&lt;a>');
});

test('the workflow that is printed asks for formats that there are', () => {
  const text = readFileSync('docs/workflows/ddl-check.yml', 'utf8');
  const { jobs } = parse(text) as { jobs: { check: { permissions: object; steps: { run?: string }[] } } };
  const run = jobs.check.steps.map((step) => step.run ?? '').join('\n');
  expect([...run.matchAll(/--format (\w+)/g)].map(([, format]) => format)).toEqual(['markdown', 'github']);
  expect(run).not.toContain('${{ github.event');
  expect(jobs.check.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
});

test('with ddl: apply no order is told, and what is about new tables is a run of sql-runner', () => {
  const refreshed = { ...order, verdict: { ...order.verdict, refresh: true } };
  const of = (carried: boolean) => ({
    ...checked(refreshed),
    target: { subscription: 'dev', environment: 'dev', carried },
  });
  const style = styleFor(process.stdout, true);
  expect(ddlCheckText(of(false), style)).toMatch(/^3\. sql-runner apply dev$/m);
  expect(ddlCheckMarkdown(of(false))).toMatch(/^-- 3\. sql-runner apply dev$/m);
  for (const text of [ddlCheckText(of(true), style), ddlCheckMarkdown(of(true))]) {
    expect(text).toContain('No order is told: with ddl: apply');
    expect(text).not.toContain('1. on the');
  }
  expect(ddlCheckJson(of(true)).steps).toBeNull();
});

test('what was not judged is not called without an order', () => {
  expect(ddlCheckText(checked(apart), styleFor(process.stdout, true))).toContain(
    'No order is told, as not all of it was judged.',
  );
});
