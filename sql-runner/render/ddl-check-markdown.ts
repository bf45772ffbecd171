import type { CheckedMigration } from '../actions/ddl-check';
import { locksSaid } from '../migration/lock-words';
import { placeOf, shortText } from '../migration/statement';
import { stepsOf } from '../migration/steps';
import { CLASS_WORDS, noSteps, ORDER_WORDS, rowsSaid, WHEN_WORDS } from './ddl-check-words';

/** For a comment on a pull request. */
export function ddlCheckMarkdown(checked: CheckedMigration): string {
  const rows = checked.judged.map((judged) => {
    const { unit, statements, verdict, failed } = judged;
    const rows = rowsSaid(judged);
    const place = unit.statements.map((statement) => `\`${placeOf(statement)}\``).join('<br>');
    const sql = unit.statements.map((statement) => code(shortText(statement))).join('<br>');
    const order = verdict.order === null ? '' : `: ${ORDER_WORDS[verdict.order]}`;
    const breaks = verdict.breaks.map(({ when, words }) => cell(`${WHEN_WORDS[when]} ${words}`));
    const locks = statements
      .flatMap(({ effects }) => (effects === null ? [] : locksSaid(effects)))
      .filter(({ stops }) => stops !== '');
    const held = locks.map(({ table, mode, duration }) => cell(`${mode} on ${table} (${duration})`));
    const said = [
      `**${CLASS_WORDS[verdict.class]}**${order}`,
      cell(failed?.said ?? verdict.why),
      ...breaks,
      ...(rows === null ? [] : [cell(rows)]),
    ].join('<br>');
    return `| ${place} | ${sql} | ${said} | ${held.join('<br>')} |`;
  });
  const steps = stepsOf(checked.judged, checked.target);
  const order =
    steps === null
      ? [noSteps(checked)]
      : [
          'In this order:',
          '',
          '```sql',
          ...steps.flatMap((step, i) => [
            step.command !== null
              ? `-- ${i + 1}. ${step.command}`
              : `-- ${i + 1}. on the ${step.side}${AFTER[step.after ?? 'none']}`,
            ...step.sql.map((sql) => `${sql};`),
          ]),
          '```',
        ];
  const tried = `Tried on PostgreSQL ${checked.version} with the schema of ${checked.schema} and rows that were made up.`;
  return [
    '<!-- ddl check by sql-runner -->',
    '### Migration',
    '',
    '| Where | Statement | Verdict | Locks |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...order,
    '',
    tried,
  ].join('\n');
}

const AFTER = {
  'in-sync': ', once it is in sync',
  'at-once': ', once its stream stops there, or is in sync',
  none: '',
};

/** A bar would end the cell, and < begin a tag. */
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/</g, '&lt;').replace(/\s+/g, ' ');
const code = (text: string): string => `<code>${cell(text.replace(/&/g, '&amp;')).replace(/`/g, '&#96;')}</code>`;
