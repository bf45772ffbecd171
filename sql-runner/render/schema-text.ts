import type { DatabaseComparison, SchemaComparison } from '../actions/schema';
import type { Difference, Survival } from '../drift/difference';
import { ORDERS, type Mark } from '../drift/kinds';
import type { Style } from './style';
import { wrapped } from './wrapped';

const SURVIVES: Readonly<Record<Survival, string>> = {
  continues: 'Replication continues',
  stops: 'Replication stops',
  differs: 'Rows differ',
};
const WHEN: Readonly<Record<Difference['when'], string>> = {
  now: 'On the clone, now:',
  'in sync': 'On the clone, once sql-runner status shows that it is in sync:',
  'stopped or in sync': 'On the clone, once the stream has stopped at it, or is in sync:',
};

/** As a diff: what the source has and the clone has not, the other way round, and what both have otherwise. */
export function schemaText(comparison: SchemaComparison, style: Style): string {
  const { databases, roles, notCompared, environment } = comparison;
  const parts = databases.flatMap((one) => databaseText(one, style));
  const ofRoles =
    roles.length === 0
      ? []
      : [style.bold('Roles of the servers'), ...roles.flatMap((one) => differenceText(one, style))];
  return [
    ...parts,
    ...ofRoles,
    ...notCompared.flatMap((phrase) => wrapped('Not compared:', phrase, 2)),
    '',
    ...summary(comparison, style),
    ...(isAlike(comparison) ? [] : wrapped('', `Put right? Ask again: sql-runner schema ${environment}`, 2)),
  ].join('\n');
}

function databaseText({ database, differences, compared, unread }: DatabaseComparison, style: Style): string[] {
  const { tables, replicated, others } = compared;
  const head = `Database ${style.bold(database)}: ${tables} tables, ${replicated} of them replicated, and ${others} other objects`;
  return [
    ...wrapped('', head, 2),
    ...differences.flatMap((one) => differenceText(one, style)),
    ...unread.flatMap((phrase) => wrapped(style.yellow('  Not looked at:'), phrase, 4)),
    '',
  ];
}

function differenceText(one: Difference, style: Style): string[] {
  return [
    ...wrapped(`  ${sign(one.mark, style)} ${style.bold(one.object)}`, `(${one.kind})`, 6),
    ...wrapped('      source:', one.source ?? 'has none', 8),
    ...wrapped('      clone:', one.clone ?? 'has none', 8),
    ...wrapped(`      ${survival(one.survives, style)}:`, `${one.consequence}.`, 8),
    ...wrapped('      Order the next time:', `${ORDERS[one.order]}.`, 8),
    ...(one.next === null ? [] : wrapped('      Note:', `${one.next}.`, 8)),
    ...(one.statements.length === 0 ? [] : [`      ${WHEN[one.when]}`, ...one.statements.flatMap(statementText)]),
    '',
  ];
}

/**
 * To be copied. A statement of several lines, or one with a body, is printed as it is: what stands in it at the beginning
 * of a line is part of it.
 */
function statementText(statement: string): string[] {
  if (/[\n$]/.test(statement)) return [`${statement};`];
  return wrapped('', `${statement};`, 2);
}

function sign(mark: Mark, style: Style): string {
  return { '+': style.green, '-': style.red, '~': style.yellow }[mark](mark);
}

function survival(survives: Survival, style: Style): string {
  const paint = { continues: style.green, stops: style.red, differs: style.red }[survives];
  return paint(SURVIVES[survives]);
}

/** Nothing differs of what was compared, and all of that could be looked at. */
export function isAlike({ databases, roles }: SchemaComparison): boolean {
  return (
    roles.length === 0 && databases.every(({ differences, unread }) => differences.length === 0 && unread.length === 0)
  );
}

export const unreadIn = ({ databases }: SchemaComparison): number =>
  databases.reduce((sum, { unread }) => sum + unread.length, 0);

export function differencesIn({ databases, roles }: SchemaComparison): Difference[] {
  return [...databases.flatMap(({ differences }) => differences), ...roles];
}

function summary(comparison: SchemaComparison, style: Style): string[] {
  const all = differencesIn(comparison);
  const unread = unreadIn(comparison);
  const shut = unread === 0 ? '' : ` ${unread} ${unread === 1 ? 'object' : 'objects'} could not be looked at.`;
  if (all.length === 0) {
    const head = unread === 0 ? style.green('No difference') : style.yellow('No difference seen');
    return wrapped('', `${head} in what was compared, environment ${comparison.environment}.${shut}`, 2);
  }
  const count = (survives: Survival) => all.filter((one) => one.survives === survives).length;
  const heads = `${all.length} ${all.length === 1 ? 'difference' : 'differences'}`;
  const parts = `${count('stops')} stop replication, ${count('differs')} make rows differ, ${count('continues')} do neither`;
  return wrapped('', `${style.yellow(heads)}, environment ${comparison.environment}: ${parts}.${shut}`, 2);
}
