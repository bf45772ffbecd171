import { kind, type Kind } from './kind';

const own = ({ ofConstraint }: { ofConstraint: boolean }): boolean => !ofConstraint;

export const INDEX_KINDS: readonly Kind[] = [
  kind('create index', 'follow', (dice) => {
    const found = dice.column(({ base }) => base !== 'json' && base !== 'xml' && base !== 'point');
    return found && `CREATE INDEX ${dice.fresh('i')} ON ${found.table.name} (${found.column.name} DESC NULLS LAST)`;
  }),
  kind('create index without a name', 'follow', (dice) => {
    const found = dice.column(({ base }) => ['int4', 'text', 'numeric'].includes(base));
    return found && `CREATE INDEX ON ${found.table.name} (${found.column.name})`;
  }),
  kind('create unique index', 'follow', (dice) => {
    const table = dice.plain(
      ({ key, columns }) => key !== null && columns.some(({ name, notNull }) => notNull && !key.includes(name)),
    );
    return table && `CREATE UNIQUE INDEX ${dice.fresh('i')} ON ${table.name} (${table.key!.join(', ')})`;
  }),
  kind('create index on an expression, partial', 'follow', (dice) => {
    const found = dice.column(({ type }) => type === 'text');
    return (
      found &&
      `CREATE INDEX ${dice.fresh('i')} ON ${found.table.name} (lower(${found.column.name})) INCLUDE (${found.column.name}) WHERE ${found.column.name} <> 'a;b'`
    );
  }),
  kind('create index concurrently', 'follow', (dice) => {
    const found = dice.column(
      ({ base }, { partitioned }) => ['int4', 'int8', 'text', 'numeric'].includes(base) && !partitioned,
    );
    return (
      found && {
        sql: `CREATE INDEX CONCURRENTLY ${dice.fresh('cic')} ON ${found.table.name} (${found.column.name})`,
        alone: true,
      }
    );
  }),
  kind('create unique index concurrently on the key', 'follow', (dice) => {
    const table = dice.plain(({ key }) => key !== null);
    return (
      table && {
        sql: `CREATE UNIQUE INDEX CONCURRENTLY ${dice.fresh('cic')} ON ${table.name} (${table.key!.join(', ')})`,
        alone: true,
      }
    );
  }),
  kind('drop index', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes.filter(own));
    return index && `DROP INDEX ${index.name}`;
  }),
  kind('drop index concurrently', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes.filter(own));
    return index && { sql: `DROP INDEX CONCURRENTLY ${index.name}`, alone: true };
  }),
  kind('rename index', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes);
    return index && `ALTER INDEX ${index.name} RENAME TO ${dice.fresh('ri')}`;
  }),
  kind('index parameters', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes.filter(own));
    return index && `ALTER INDEX ${index.name} SET (fillfactor = 70)`;
  }),
  kind('reindex', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes.filter(own));
    return index && `REINDEX INDEX ${index.name}`;
  }),
  kind('vacuum full', 'follow', (dice) => {
    const table = dice.plain();
    return table && { sql: `VACUUM FULL ${table.name}`, alone: true };
  }),
  kind('cluster on', 'follow', (dice) => {
    const index = dice.one(dice.scene.indexes.filter(({ plain, ofConstraint }) => plain && !ofConstraint));
    return index && `ALTER TABLE ${index.table} CLUSTER ON ${index.bare}`;
  }),
  kind('statistics object', 'follow', (dice) => {
    const table = dice.table(
      ({ columns }) => columns.filter(({ base }) => ['int4', 'text', 'numeric', 'int8'].includes(base)).length > 1,
    );
    const columns = table?.columns
      .filter(({ base, computed }) => !computed && ['int4', 'text', 'numeric', 'int8'].includes(base))
      .slice(0, 2);
    return table && columns!.length > 1
      ? `CREATE STATISTICS ${dice.place('s')} ON ${columns!.map(({ name }) => name).join(', ')} FROM ${table.name}`
      : null;
  }),
];
