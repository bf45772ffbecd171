import type { SourceContract } from '../../../contract/contract';
import { parseRowFilter } from '../../../contract/row-filter';
import type { Finding, Refusal, Step } from '../../model/change';
import type { SourceDatabaseFacts, SourceObservation } from '../../model/observation';
import type { StreamOf } from '../../model/streams';
import { displayTable } from '../../model/table-selection';
import { quoteQualified } from '../../postgres/text/quoting';
import { someOf } from '../../resources/some-of';

/** Nothing of the way to a clone, and no repair of what is there already. */
const PREPARING: readonly Step[] = ['publish', 'slot', 'ticket'];

type Judged = Omit<Refusal, 'stops'>;
type TablePartFacts = NonNullable<SourceDatabaseFacts['tableParts']>[number];

interface Asked {
  readonly contract: SourceContract;
  readonly of: StreamOf;
  readonly table: TablePartFacts;
}

/**
 * Tables of which a part is to be published, before anything is. What the server takes without a word and production or
 * the clone suffers by is refused here: rows whose writes it would refuse, rows that the clone could not take.
 */
export function checkTableParts(contract: SourceContract, source: SourceObservation, of: StreamOf): Finding[] {
  const { selection } = of.stream;
  const parts = selection.kind === 'tables' ? selection.tables.filter((one) => one.where ?? one.columns) : [];
  if (parts.length === 0) return [];
  const told = (found: readonly Judged[]): Finding[] =>
    found.map((one) => ({ ...one, severity: 'block', stops: PREPARING }));
  if (source.server.versionNum < 150_000) return told([tooOld(contract, of)]);
  const facts = source.databases[of.database]?.tableParts ?? [];
  return parts.flatMap(({ schema, name, where, columns }) => {
    const table = facts.find((one) => one.schema === schema && one.name === name);
    if (table === undefined) return [];
    const asked = { contract, of, table };
    if (!table.alone) return told([notAlone(asked)]);
    return told([
      ...(where === undefined ? [] : judgeFilter(asked, where, columns)),
      ...(columns === undefined ? [] : judgeColumns(asked, columns)),
    ]);
  });
}

/** The same of what is published already: rows may have another identity by now, and the server refuses nothing for it. */
export const checkFilteredValues = (
  contract: SourceContract,
  source: SourceObservation,
  streams: readonly StreamOf[],
): Finding[] =>
  streams
    .flatMap((of) => checkTableParts(contract, source, of))
    .filter(({ code }) => code === 'ROW_FILTER_LOSES_VALUES')
    .map(({ code, seen, why, next }) => ({ code, seen, why, next, severity: 'warn' }));

const shown = ({ of, table }: Asked): string => `table ${displayTable(table)} in database ${of.database}`;

const elsewhere = ({ contract }: Pick<Asked, 'contract'>): string =>
  `in databases[].tables of the environment file, then cdktf deploy ${contract.stacks.source}`;

const tooOld = (contract: SourceContract, of: StreamOf): Judged => ({
  code: 'TABLE_PART_NOT_SUPPORTED',
  seen: `the environment selects parts of tables of database ${of.database}, and the source is older than PostgreSQL 15`,
  why: 'its publications know neither row filters nor column lists: the whole tables would be sent',
  next: `upgrade the source first; or select whole tables ${elsewhere({ contract })}`,
});

const notAlone = (asked: Asked): Judged => ({
  code: 'TABLE_PART_NOT_ALONE',
  seen: `${shown(asked)} is partitioned, a partition, or takes part in inheritance`,
  why: 'PostgreSQL judges each partition or child by a part of its own, and the rows of the others would be sent whole',
  next: `select it whole, or its partitions apart from it, ${elsewhere(asked)}`,
});

function judgeFilter(asked: Asked, where: string, columns: readonly string[] | undefined): Judged[] {
  const { table } = asked;
  if (table.refused !== undefined) return [notUsable(asked, where, table.refused)];
  const lacking =
    table.identity === null ? [] : namedIn(table, where).filter((name) => !table.identity!.includes(name));
  const lost = lostBy(table, columns);
  const wholeRows = columns === undefined && table.columns.every(({ generated }) => !generated);
  return [
    ...(lacking.length === 0 ? [] : [notInIdentity(asked, where, lacking, wholeRows, lost.length > 0)]),
    ...(table.referencedBy.length === 0 ? [] : [referenced(asked)]),
    // Whole rows heal both, and another index only the one.
    ...(lost.length === 0 || lacking.length > 0 ? [] : [losesValues(asked, where, lost, wholeRows)]),
  ];
}

/**
 * UPDATE that brings a row into the filter is sent as INSERT. A value that is stored apart and was not changed stands in the
 * WAL only as part of the old row, and there of what identifies it (pgoutput_row_filter in pgoutput.c takes it from
 * there, and nowhere else): it arrives as NULL.
 */
function lostBy({ columns, identity }: TablePartFacts, listed: readonly string[] | undefined): string[] {
  if (identity === null) return [];
  return columns
    .filter(({ name, generated }) => !generated && (listed?.includes(name) ?? true))
    .filter(({ apart, name }) => apart && !identity.includes(name))
    .map(({ name }) => name);
}

function losesValues(asked: Asked, where: string, lost: readonly string[], wholeRows: boolean): Judged {
  const { of, table } = asked;
  const whole = wholeRows
    ? `let whole rows identify it, in database ${of.database} on the source: ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY FULL;`
    : `take them out of columns ${elsewhere(asked)}`;
  return {
    code: 'ROW_FILTER_LOSES_VALUES',
    seen: `${shown(asked)}: where: ${where}, and long values of ${someOf(lost)} are stored apart from their rows`,
    why: 'a row that UPDATE brings into the filter is sent as a new one, without such values: the clone would have NULL there, without a word',
    next: `select it whole ${elsewhere(asked)}; or ${whole}`,
  };
}

const notUsable = (asked: Asked, where: string, said: string): Judged => ({
  code: 'ROW_FILTER_NOT_USABLE',
  seen: `${shown(asked)}: the source takes where: ${where} for no condition: ${said}`,
  why: 'no publication could be made with it',
  next: `put it right ${elsewhere(asked)}`,
});

function notInIdentity(
  asked: Asked,
  where: string,
  lacking: readonly string[],
  wholeRows: boolean,
  losesValues: boolean,
): Judged {
  const { of, table } = asked;
  const index = losesValues
    ? 'select it whole'
    : 'make a unique index over NOT NULL columns that has them too its replica identity';
  const other = wholeRows
    ? `or, slower, let whole rows identify it, in database ${of.database} on the source: ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY FULL;`
    : `or filter by others ${elsewhere(asked)}`;
  return {
    code: 'PART_NOT_IN_IDENTITY',
    seen: `${shown(asked)}: where: ${where} needs ${lacking.join(', ')}, and ${identityOf(table)} identifies its rows`,
    why: 'once it is published so, production would refuse every UPDATE and DELETE on it',
    next: `${index}; ${other}`,
  };
}

const referenced = (asked: Asked): Judged => ({
  code: 'FILTERED_TABLE_REFERENCED',
  seen: `${shown(asked)} has a row filter, and foreign keys refer to it: ${someOf(asked.table.referencedBy)}`,
  why: 'rows outside of the filter are deleted on the clone, and what refers to them there would refer to nothing',
  next: `select it whole ${elsewhere(asked)}`,
});

/** Every column that it may name: a word of it that is a column's name is taken for that column. */
function namedIn({ columns }: TablePartFacts, where: string): string[] {
  const parsed = parseRowFilter(where);
  return 'fault' in parsed ? [] : columns.map(({ name }) => name).filter((name) => parsed.names.has(name));
}

const identityOf = ({ identity }: TablePartFacts): string =>
  identity === null ? 'the whole row' : identity.length === 0 ? 'nothing' : identity.join(', ');

function judgeColumns(asked: Asked, listed: readonly string[]): Judged[] {
  const { table } = asked;
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const left = table.columns.filter(({ name }) => !listed.includes(name));
  const needed = new Set([...(table.identity ?? []), ...keysOf(table)]);
  // Whole rows are none once they are listed, whatever the list has.
  const identity =
    table.identity === null
      ? ['all of each (REPLICA IDENTITY FULL)']
      : [...needed].filter((name) => !listed.includes(name));
  const faults: (readonly [string, string, readonly string[]])[] = [
    ['it has no column', 'no publication could be made with it', listed.filter((name) => !known.has(name))],
    [
      'it computes',
      'generated columns are not replicated: the clone computes them itself',
      listed.filter((name) => known.get(name)?.generated === true),
    ],
    [
      'its rows are identified by',
      'once it is published without these, production would refuse every UPDATE and DELETE on it',
      identity,
    ],
    [
      'a new row needs a value for',
      'on the clone a row that production adds would come without it, and stop the stream',
      left
        .filter(({ required, generated, name }) => required && !generated && !needed.has(name))
        .map(({ name }) => name),
    ],
    [
      'a constraint or a unique index looks at',
      'on the clone it gets its default or NULL, which may be refused there, and stop the stream',
      left.filter(({ bound, name }) => bound && !needed.has(name)).map(({ name }) => name),
    ],
  ];
  return faults.flatMap(([what, why, names]) =>
    names.length === 0 ? [] : [listNotUsable(asked, listed, `${what} ${names.join(', ')}`, why)],
  );
}

const listNotUsable = (asked: Asked, listed: readonly string[], what: string, why: string): Judged => ({
  code: 'COLUMN_LIST_NOT_USABLE',
  seen: `${shown(asked)} is to be replicated by its columns ${listed.join(', ')} alone, and ${what}`,
  why,
  next: `put columns: right ${elsewhere(asked)}`,
});

const keysOf = ({ columns }: TablePartFacts): string[] => columns.filter(({ key }) => key).map(({ name }) => name);
