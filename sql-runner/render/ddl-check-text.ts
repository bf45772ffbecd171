import { wrapped } from './wrapped';
import type { CheckedMigration } from '../actions/ddl-check';
import { locksSaid } from '../migration/lock-words';
import { placeOf, shortText } from '../migration/statement';
import { stepsOf, type Step } from '../migration/steps';
import type { Effects, JudgedUnit, Verdict } from '../migration/verdict';
import { formatBytes } from './bytes';
import { CLASS_WORDS, noSteps, ORDER_WORDS, rowsSaid, WHEN_WORDS } from './ddl-check-words';
import type { Style } from './style';

/** One piece of a migration after the other, then what to run where. */
export function ddlCheckText(checked: CheckedMigration, style: Style): string {
  const parts = checked.judged.map((judged) => unitText(judged, checked, style).join('\n'));
  const steps = stepsOf(checked.judged, checked.target);
  const looked = wrapped('', lookedWords(checked), 2);
  return [...parts, stepsText(steps, checked), [...looked, ...totals(checked)].join('\n')].join('\n\n');
}

function unitText(judged: JudgedUnit, checked: CheckedMigration, style: Style): string[] {
  const { verdict, statements } = judged;
  const paint = {
    safe: style.green,
    'needs-order': style.yellow,
    breaks: style.red,
    fails: style.red,
    'not-judged': style.yellow,
  };
  const heads = statements.flatMap(({ statement, effects }) => [
    `${placeOf(statement)}`,
    `  ${shortText(statement)}`,
    ...effectLines(effects, checked),
  ]);
  const order = verdict.order === null ? '' : `: ${ORDER_WORDS[verdict.order]}`;
  const rows = rowsSaid(judged);
  const said =
    verdict.class === 'fails' && judged.failed !== null
      ? `${judged.failed.said} (${placeOf(judged.failed.statement)})`
      : verdict.why;
  return [
    ...heads,
    ...wrapped(`  ${paint[verdict.class](CLASS_WORDS[verdict.class])}${order}`, '', 4),
    ...wrapped('   ', said, 4),
    ...verdict.breaks.flatMap(({ when, words }) => wrapped(`    ${WHEN_WORDS[when]}`, words, 6)),
    ...(rows === null ? [] : wrapped('    rows:', rows, 6)),
    ...(verdict.refresh
      ? wrapped('   ', 'the publication sends a table that is new to the subscription, which has to take it', 4)
      : []),
  ];
}

function effectLines(effects: Effects | null, { sizes }: CheckedMigration): string[] {
  if (effects === null) return [];
  const locks = locksSaid(effects).filter(({ stops }) => stops !== '');
  const wal = (table: string): string => {
    const size = sizes?.[table];
    return size === undefined
      ? 'as much WAL as it has bytes (its size is not known here)'
      : `about ${formatBytes(size)} of WAL`;
  };
  return [
    ...locks.flatMap(({ table, mode, stops, duration }) =>
      wrapped('  lock:', `${mode} on ${table}, ${HELD[duration]}; ${stops}`, 4),
    ),
    ...effects.rewrites.flatMap((table) => wrapped('  rewrites:', `${table}, ${wal(table)}`, 4)),
    ...(effects.outsideTransaction ? ['  cannot run in a transaction'] : []),
  ];
}

const HELD = { brief: 'brief', scan: 'as long as reading it takes', rewrite: 'as long as writing it anew takes' };

function stepsText(steps: readonly Step[] | null, checked: CheckedMigration): string {
  if (steps === null) return wrapped('', noSteps(checked), 2).join('\n');
  const lines = steps.flatMap((step, index) => [
    step.command !== null
      ? `${index + 1}. ${step.command}`
      : `${index + 1}. on the ${step.side}${step.after === null ? '' : AFTER[step.after]}:`,
    ...step.sql.flatMap((sql) => `${sql};`.split('\n').map((line) => `   ${line}`)),
  ]);
  return ['In this order:', ...lines].join('\n');
}

const AFTER = {
  'in-sync': ', once sql-runner status shows it in sync',
  'at-once': ', once its stream stops there, or is in sync',
};

function lookedWords({ version, schema, leftOut, roles, ddl, mode, unwritten }: CheckedMigration): string {
  const left =
    leftOut.length === 0 ? '' : ` Not in it: ${leftOut.map(({ place, said }) => `${place} (${said})`).join(', ')}.`;
  const made = roles.length === 0 ? '' : ` Roles that were made up: ${roles.join(', ')}.`;
  const rows = Object.entries(unwritten).map(([table, said]) => `${table} (${said})`);
  const unseen = rows.length === 0 ? '' : ` No row could be made up for ${rows.join(', ')}.`;
  return `Tried on local servers of PostgreSQL ${version}, with the schema of ${schema} and rows that were made up, with ddl: ${ddl}.${left}${made}${unseen}${mode === 'apply' ? MODE_APPLY : ''} Whether production's own rows fit a new rule was not looked at.`;
}

const MODE_APPLY =
  ' The environment has ddl: apply, where the stream itself brings to the clone what is on its list; the verdicts are for ddl: off.';

function totals({ judged }: CheckedMigration): string[] {
  const of = (kind: Verdict['class']): number => judged.filter(({ verdict }) => verdict.class === kind).length;
  const counts = (Object.keys(CLASS_WORDS) as Verdict['class'][])
    .filter((kind) => of(kind) > 0)
    .map((kind) => `${of(kind)} ${CLASS_WORDS[kind]}`);
  return [counts.join(', ')];
}
