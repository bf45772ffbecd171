import { kind, type Kind } from './kind';

const COLUMNS = `id bigint PRIMARY KEY, note text, amount numeric(12, 2) DEFAULT 0, "odd; name" int`;

export const TABLE_KINDS: readonly Kind[] = [
  kind('create table', 'follow', (dice) => `CREATE TABLE ${dice.place('t')} (${COLUMNS})`, 2),
  kind('create table if it is not there', 'follow', (dice) => {
    const table = dice.table();
    return table && `CREATE TABLE IF NOT EXISTS ${table.name} (${COLUMNS})`;
  }),
  kind('create table with serial, checks and a foreign key', 'follow', (dice) => {
    const parent = dice.plain(({ key }) => key?.length === 1);
    const type = parent?.columns.find(({ name }) => name === parent.key![0])?.type;
    return (
      parent &&
      `CREATE TABLE ${dice.place('t')} (id serial PRIMARY KEY, made timestamptz DEFAULT now(), n int CHECK (n > -100), ref ${type} REFERENCES ${parent.name} ON DELETE CASCADE)`
    );
  }),
  kind('create table as', 'stop', (dice) => {
    const table = dice.table();
    return table && `CREATE TABLE ${dice.place('t')} AS SELECT * FROM ${table.name}`;
  }),
  kind('select into', 'stop', (dice) => {
    const table = dice.table();
    return table && `SELECT * INTO ${dice.place('t')} FROM ${table.name} LIMIT 3`;
  }),
  kind(
    'create table as with no data',
    'follow',
    (dice) => `CREATE TABLE ${dice.place('t')} AS SELECT 1 AS a, 'x'::text AS b WITH NO DATA`,
  ),
  kind(
    'explain analyze create table as',
    'stop',
    (dice) => `EXPLAIN (ANALYZE, COSTS off) CREATE TABLE ${dice.place('t')} AS SELECT 1 AS a`,
  ),
  kind('create table like', 'follow', (dice) => {
    const table = dice.plain();
    return table && `CREATE TABLE ${dice.place('t')} (LIKE ${table.name} INCLUDING ALL)`;
  }),
  kind('create table inherits', 'follow', (dice) => {
    const table = dice.plain(({ key }) => key !== null);
    return (
      table &&
      `CREATE TABLE ${dice.place('t')} (extra int, PRIMARY KEY (${table.key!.join(', ')})) INHERITS (${table.name})`
    );
  }),
  kind('create unlogged table', 'follow', (dice) => `CREATE UNLOGGED TABLE ${dice.place('u')} (${COLUMNS})`),
  kind('create temporary table', 'follow', (dice) => `CREATE TEMP TABLE ${dice.fresh('temp')} (a int) ON COMMIT DROP`),
  kind(
    'create partitioned table',
    'follow',
    (dice) => `CREATE TABLE ${dice.place('p')} (id bigint, note text, PRIMARY KEY (id)) PARTITION BY RANGE (id)`,
  ),
  kind(
    'create partition',
    'stop',
    (dice) => {
      const root = dice.table(({ partitioned, key }) => partitioned && key !== null);
      const from = dice.random.int(1, 40) * 1000;
      return (
        root &&
        `CREATE TABLE ${dice.place('leaf')} PARTITION OF ${root.name} FOR VALUES FROM (${from}) TO (${from + 1000})`
      );
    },
    2,
  ),
  kind('attach partition', 'stop', (dice) => {
    const leaf = dice.plain(
      ({ columns, key }) => key?.join() === 'id' && columns.map(({ name }) => name).join() === 'id,note',
    );
    const root = dice.table(
      ({ partitioned, columns }) => partitioned && columns.map(({ name }) => name).join() === 'id,note',
    );
    const from = dice.random.int(50, 90) * 1000;
    return (
      leaf &&
      root &&
      `ALTER TABLE ${root.name} ATTACH PARTITION ${leaf.name} FOR VALUES FROM (${from}) TO (${from + 1000})`
    );
  }),
  kind(
    'create a table to be attached',
    'follow',
    (dice) => `CREATE TABLE ${dice.place('leaf')} (id bigint PRIMARY KEY, note text)`,
  ),
  kind('detach partition', 'stop', (dice) => {
    const leaf = dice.one(
      dice.scene.tables.filter((one) =>
        dice.scene.tables.some(({ name, partitioned }) => partitioned && name === one.parent),
      ),
    );
    return leaf && `ALTER TABLE ${leaf.parent} DETACH PARTITION ${leaf.name}`;
  }),
  kind('rename table', 'follow', (dice) => {
    const table = dice.table();
    return table && `ALTER TABLE ${table.name} RENAME TO ${dice.fresh('renamed')}`;
  }),
  kind('set schema', 'follow', (dice) => {
    const table = dice.plain();
    return (
      table &&
      `ALTER TABLE ${table.name} SET SCHEMA ${dice.one(dice.scene.schemas.filter((schema) => schema !== table.schema)) ?? 'public'}`
    );
  }),
  kind('drop table', 'follow', (dice) => {
    const table = dice.scene.tables.length > 9 ? dice.table() : null;
    return table && `DROP TABLE ${table.name}`;
  }),
  kind('drop table, cascade', 'follow', (dice) => {
    const table = dice.scene.tables.length > 9 ? dice.table() : null;
    return table && `DROP TABLE IF EXISTS ${table.name} CASCADE`;
  }),
  kind('drop a table that is not there', 'follow', (dice) => `DROP TABLE IF EXISTS ${dice.place('gone')}`),
  kind('comment on a table and a column', 'follow', (dice) => {
    const table = dice.table();
    const on = dice.random.pick(['TABLE', 'COLUMN']);
    return (
      table &&
      `COMMENT ON ${on} ${table.name}${on === 'COLUMN' ? `.${table.columns[0]?.name ?? 'none'}` : ''} IS 'it''s; a "comment"'`
    );
  }),
  kind('owner', 'follow', (dice) => {
    const table = dice.table();
    return table && `ALTER TABLE ${table.name} OWNER TO judge_dev`;
  }),
  kind('grant', 'follow', (dice) => {
    const table = dice.table();
    return table && `GRANT ${dice.random.pick(['SELECT', 'INSERT, UPDATE', 'ALL'])} ON ${table.name} TO judge_dev`;
  }),
  kind(
    'grant on all tables of a schema',
    'follow',
    (dice) => `GRANT SELECT ON ALL TABLES IN SCHEMA ${dice.schema()} TO judge_dev`,
  ),
  kind('revoke', 'follow', (dice) => {
    const table = dice.table(({ owner }) => owner !== 'judge_dev');
    return table && `REVOKE ALL ON ${table.name} FROM judge_dev`;
  }),
  // From 16 on rows arrive with the rights of the table's owner.
  kind('revoke of the owner', 'stop', (dice) => {
    const table = dice.table(({ owner }) => owner === 'judge_dev');
    return table && `REVOKE ALL ON ${table.name} FROM judge_dev`;
  }),
  kind('storage parameters', 'follow', (dice) => {
    const table = dice.plain();
    return (
      table && `ALTER TABLE ${table.name} SET (fillfactor = ${dice.random.int(50, 100)}, autovacuum_enabled = false)`
    );
  }),
  kind('row level security', 'stop', (dice) => {
    const table = dice.table();
    return table && `ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY`;
  }),
  kind('policy', 'follow', (dice) => {
    const table = dice.table();
    return table && `CREATE POLICY ${dice.fresh('policy')} ON ${table.name} USING (true)`;
  }),
  kind('truncate', 'follow', (dice) => {
    const table = dice.table();
    return table && `TRUNCATE ${table.name}${dice.random.pick(['', ' CASCADE', ' RESTART IDENTITY CASCADE'])}`;
  }),
  kind('drop a temporary and a real table at once', 'stop', (dice) => {
    const table = dice.scene.tables.length > 9 ? dice.plain() : null;
    const temp = dice.fresh('temp');
    return table && `CREATE TEMP TABLE ${temp} (a int); DROP TABLE ${temp}, ${table.name}`;
  }),
  kind('a temporary table hides a real one', 'follow', (dice) => {
    const table = dice.plain();
    return (
      table && {
        sql: `CREATE TEMP TABLE ${table.bare} (a int) ON COMMIT DROP; ALTER TABLE ${table.bare} ADD COLUMN b int`,
        settings: [`search_path = ${table.schema}`],
      }
    );
  }),
];
