import type { TableDefinition } from '../../../sql-runner/postgres/catalog/table-definitions';
import type { NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { SubscriptionMark } from '../../../sql-runner/model/mark';
import type { AddedTable } from '../../../sql-runner/model/table-notes';
import { formatMark } from '../../../sql-runner/model/mark';
import type { Observation } from '../../../sql-runner/model/observation';
import { edit, following } from './observations';
import { SUBSCRIPTION_MARK } from './subscription-mark';
import { sourceContract } from './contract';
import { table } from './tables';

/** Of the source, of the table of this name. */
export const OID = 90_001;
export const SUBSCRIPTION = 'acas_demo_shop';
export const contract = sourceContract(['shop']);

export const DEFINITION: TableDefinition = {
  oid: OID,
  schema: 'public',
  name: 'newer',
  owner: 'app_owner',
  schemaOwner: 'app_owner',
  schemaGrants: null,
  accessMethod: 'heap',
  options: [],
  typed: false,
  partitionKey: null,
  inherits: false,
  rowSecurity: false,
  identity: 'd',
  identityIndex: null,
  comment: null,
  grants: null,
  columns: [
    {
      name: 'id',
      type: 'bigint',
      collation: null,
      notNull: { constraint: null },
      generated: '',
      expression: null,
      storage: null,
      compression: null,
      statistics: null,
      options: [],
      comment: null,
      grants: [],
    },
  ],
  constraints: [{ name: 'newer_pkey', kind: 'p', definition: 'PRIMARY KEY (id)', comment: null, referenced: null }],
  indexes: [],
  sequences: [],
};

export const FACTS: NewTableFacts = {
  oid: OID,
  schema: 'public',
  name: 'newer',
  definition: DEFINITION,
  rights: { schema: 'public', name: 'newer', usage: true, select: false, seesAll: true },
  lacking: [],
  inTheWay: [],
  hasSchema: true,
  references: [],
  namesake: null,
};

/** It came on the source of a clone that follows, and was looked at. */
export const coming = (facts: Partial<NewTableFacts> = {}): Observation =>
  edit(following(contract), ({ source }) => {
    source.databases.shop!.tables.push(table('newer', { oid: OID }));
    Object.assign(source, { newTables: { [SUBSCRIPTION]: [{ ...FACTS, ...facts }] } });
  });

/** Its note in the mark of the subscription. */
export const noted = (observation: Observation, added: readonly AddedTable[]): Observation =>
  edit(observation, ({ target }) => {
    const mark: SubscriptionMark = { ...SUBSCRIPTION_MARK, made: undefined, added: [...added] };
    target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!.comment = formatMark(mark);
  });

export const published = (observation: Observation): Observation =>
  edit(observation, ({ source }) => {
    source.databases.shop!.publications[0]!.tables.push({ oid: OID, schema: 'public', name: 'newer' });
  });

export const NOTE: AddedTable = {
  oid: OID,
  schema: 'public',
  name: 'newer',
  granted: { usage: false, select: true },
};

export const COMPARED: NonNullable<AddedTable['compared']> = {
  row: `1 ${OID} 700`,
  stored: '90001',
  touched: '1',
  names: '2',
  order: '3',
  given: [],
  known: '4 5',
  housed: null,
};
