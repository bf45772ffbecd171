import type { HeartbeatColumn, HeartbeatForm } from '../../../sql-runner/postgres/catalog/heartbeat-forms';

const column = (number: number, name: string, type: string, notNull: boolean): HeartbeatColumn => ({
  name,
  number,
  type,
  notNull,
  hasDefault: false,
  isIdentity: false,
  isGenerated: false,
});

/** As the catalog has them after sql-runner made the table. */
const MADE: readonly HeartbeatColumn[] = [
  column(1, 'id', 'uuid', true),
  column(2, 'previous', 'uuid', false),
  column(3, 'number', 'bigint', true),
  column(4, 'at', 'timestamp with time zone', true),
  column(5, 'lsn', 'pg_lsn', true),
  column(6, 'passed', 'pg_lsn', false),
];

export const added = (number: number, name: string, type = 'integer') => column(number, name, type, false);
export const primaryKey = (...columns: number[]) => ({ name: 'pk', type: 'p', columns, deferrable: false });

export const heartbeatForm = (altered: Partial<HeartbeatForm> = {}): HeartbeatForm => ({
  schema: 'acas_demo_shop',
  login: 'master',
  schemaOwner: 'keeper',
  mayAlterSchema: true,
  mayUseSchema: true,
  owner: 'maker',
  mayAlter: true,
  ownerMay: true,
  identity: 'd',
  rowSecurity: false,
  forcedRowSecurity: false,
  columns: MADE,
  constraints: [primaryKey(1)],
  uniqueIndexes: [],
  triggers: [],
  rules: [{ name: 'off', enabled: 'D' }],
  ...altered,
});

/** The columns as they were made, but for those named: null is dropped. */
export const columns = (altered: Record<string, Partial<HeartbeatColumn> | null>, ...more: HeartbeatColumn[]) =>
  heartbeatForm({
    columns: [
      ...MADE.flatMap((made) => (altered[made.name] === null ? [] : [{ ...made, ...altered[made.name] }])),
      ...more,
    ],
  });
