import type { SourceContract } from '../../stacks/contract';
import type { StreamOf } from '../engine/change';
import type { SentTable, TableColumn } from '../postgres/catalog/replicated-tables';
import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { newClone } from '../resources/new-clone';
import { displayTable, sameTable } from '../resources/table-selection';
import type { TargetCheck } from './check';
import { eachSent } from './each-sent';

/** DDL is not replicated: what was changed on one side only. Needs both sides; says nothing where one was not read. */
const missing: TargetCheck = {
  code: 'TABLE_NOT_ON_CLONE',
  stops: ['connect'],
  holds: 'every published table and partition is on the clone',
  side: 'target',
  run: (target, scope) =>
    eachSent(target, scope, (sent, of, { clone }) => {
      if (clone.columns.some((table) => sameTable(table, sent))) return [];
      return [
        {
          code: 'TABLE_NOT_ON_CLONE',
          severity: 'block',
          seen: `${displayTable(sent)} of database ${of.database} is published and not on the clone`,
          why: 'the apply worker stops at the first change of it, and a subscription cannot be made',
          next: creation(scope.contract, sent, of),
        },
      ];
    }),
};

const columns: TargetCheck = {
  code: 'COLUMNS_DIFFER',
  stops: ['connect'],
  holds: 'replicated tables have the same columns on both sides',
  side: 'target',
  run: (target, scope) =>
    eachSent(target, scope, (sent, of, { production, clone }) => {
      const there = production.columns.find((table) => sameTable(table, sent))?.columns;
      const here = clone.columns.find((table) => sameTable(table, sent))?.columns;
      if (there === undefined || here === undefined) return [];
      const found = differences(there, here);
      if (found.length === 0) return [];
      return [
        {
          code: 'COLUMNS_DIFFER',
          severity: found.some(({ stops }) => stops) ? 'block' : 'warn',
          seen: `table ${displayTable(sent)} in database ${of.database} on the clone: ${found.map(({ seen }) => seen).join(', ')}`,
          why: 'DDL is not replicated; the apply worker stops at the first row that does not fit',
          next: `in database ${of.database} on the clone: ALTER TABLE ${quoteQualified(sent)} ${found.map(({ action }) => action).join(', ')};`,
        },
      ];
    }),
};

interface Difference {
  readonly seen: string;
  readonly action: string;
  readonly stops: boolean;
}

function differences(there: readonly TableColumn[], here: readonly TableColumn[]): Difference[] {
  const sent = there.filter(({ generated }) => !generated);
  const lacking = sent
    .filter(({ name }) => !here.some((column) => column.name === name))
    .map(({ name, type }) => ({
      seen: `column ${name} is missing`,
      action: `ADD COLUMN ${quoteIdent(name)} ${type}`,
      stops: true,
    }));
  const retyped = sent.flatMap(({ name, type }) => {
    const own = here.find((column) => column.name === name);
    if (own === undefined || own.type === type) return [];
    const action = `ALTER COLUMN ${quoteIdent(name)} TYPE ${type} USING ${quoteIdent(name)}::${type}`;
    return [{ seen: `column ${name} is ${own.type} instead of ${type}`, action, stops: false }];
  });
  const extra = here
    .filter(({ name, required }) => required && !there.some((column) => column.name === name))
    .map(({ name }) => ({
      seen: `column ${name} is only there, NOT NULL and without a default`,
      action: `ALTER COLUMN ${quoteIdent(name)} DROP NOT NULL`,
      stops: true,
    }));
  return [...lacking, ...retyped, ...extra];
}

/** Exact for a partition, whose columns are those of its root; the rest of a table's definition is not ours to guess. */
function creation(contract: SourceContract, sent: SentTable, of: StreamOf): string {
  if (sent.partition === null) return newClone(contract);
  const { parentSchema: schema, parentName: name, bound } = sent.partition;
  return `in database ${of.database} on the clone: CREATE TABLE ${quoteQualified(sent)} PARTITION OF ${quoteQualified({ schema, name })} ${bound};`;
}

export const bothSidesChecks = [missing, columns];
