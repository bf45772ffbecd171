import { kind, type Kind } from './kind';

export const OTHER_KINDS: readonly Kind[] = [
  kind('create view', 'follow', (dice) => {
    const table = dice.table();
    return table && `CREATE VIEW ${dice.place('v')} AS SELECT * FROM ${table.name}`;
  }),
  kind('replace view', 'follow', (dice) => {
    const view = dice.one(dice.scene.views.filter((one) => one.kind === 'v'));
    return view && `CREATE OR REPLACE VIEW ${view.name} AS SELECT 1 AS id`;
  }),
  kind('rename view', 'follow', (dice) => {
    const view = dice.one(dice.scene.views.filter((one) => one.kind === 'v'));
    return view && `ALTER VIEW ${view.name} RENAME TO ${dice.fresh('rv')}`;
  }),
  kind('drop view', 'follow', (dice) => {
    const view = dice.one(dice.scene.views);
    return view && `DROP ${view.kind === 'm' ? 'MATERIALIZED ' : ''}VIEW ${view.name} CASCADE`;
  }),
  kind('materialized view', 'stop', (dice) => {
    const table = dice.table();
    return table && `CREATE MATERIALIZED VIEW ${dice.place('mv')} AS SELECT * FROM ${table.name}`;
  }),
  kind(
    'materialized view that writes',
    'stop',
    (dice) =>
      `CREATE MATERIALIZED VIEW ${dice.place('mv')} AS SELECT app.writes(${dice.random.int(1, 1_000_000)}) AS done`,
  ),
  kind('refresh materialized view', 'stop', (dice) => {
    const view = dice.one(dice.scene.views.filter((one) => one.kind === 'm'));
    return view && `REFRESH MATERIALIZED VIEW ${view.name}`;
  }),
  kind(
    'create function',
    'follow',
    (dice) =>
      `CREATE FUNCTION ${dice.place('f')}(a int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN PERFORM 1; RETURN a; END; $f$`,
  ),
  kind('create function with a body of the standard', 'stop', (dice) =>
    dice.scene.major < 14
      ? null
      : `CREATE FUNCTION ${dice.place('f')}(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT a; END`,
  ),
  kind('replace function', 'follow', (dice) => {
    const found = dice.one(dice.scene.functions.filter(({ signature }) => /\(a integer\)$/.test(signature)));
    return (
      found &&
      `CREATE OR REPLACE FUNCTION ${found.name}(a int) RETURNS int LANGUAGE sql AS 'SELECT a + ${dice.random.int(1, 9)}; -- ; '`
    );
  }),
  kind('function owner', 'follow', (dice) => {
    const found = dice.one(dice.scene.functions);
    return found && `ALTER FUNCTION ${found.signature} OWNER TO judge_dev`;
  }),
  kind('drop function', 'follow', (dice) => {
    const found = dice.one(dice.scene.functions.filter(({ name }) => !/^app\.(lies|quiet|writes)/.test(name)));
    return found && `DROP FUNCTION ${found.signature}`;
  }),
  kind('trigger', 'follow', (dice) => {
    const table = dice.plain();
    return (
      table &&
      `CREATE TRIGGER ${dice.fresh('tr')} BEFORE UPDATE ON ${table.name} FOR EACH ROW EXECUTE FUNCTION app.quiet()`
    );
  }),
  kind('trigger that fires always and writes', 'stop', (dice) => {
    const table = dice.plain(({ name }) => name !== 'app.audit');
    const trigger = dice.fresh('tr');
    return table && dice.scene.tables.some(({ name }) => name === 'app.audit')
      ? `CREATE TRIGGER ${trigger} AFTER INSERT ON ${table.name} FOR EACH ROW EXECUTE FUNCTION app.audits(); ALTER TABLE ${table.name} ENABLE ALWAYS TRIGGER ${trigger}`
      : null;
  }),
  kind('rule', 'follow', (dice) => {
    const table = dice.plain();
    return (
      table &&
      `CREATE RULE ${dice.fresh('rule')} AS ON DELETE TO ${table.name} WHERE false DO ALSO (SELECT 1; SELECT 2)`
    );
  }),
  kind('create schema', 'follow', (dice) => `CREATE SCHEMA ${dice.fresh('schema')}`),
  kind(
    'create schema with what is in it',
    'follow',
    (dice) =>
      `CREATE SCHEMA ${dice.fresh('schema')} CREATE TABLE inside (id int PRIMARY KEY, n text) CREATE VIEW v AS SELECT id FROM inside`,
  ),
  kind('rename schema', 'follow', (dice) => {
    const schema = dice.one(dice.scene.schemas.filter((one) => !['public', 'app'].includes(one)));
    return schema && `ALTER SCHEMA ${schema} RENAME TO ${dice.fresh('rs')}`;
  }),
  kind('drop schema, cascade', 'follow', (dice) => {
    const schema = dice.one(dice.scene.schemas.filter((one) => one.includes('schema')));
    return schema && `DROP SCHEMA ${schema} CASCADE`;
  }),
  kind('schema owner and grant', 'follow', (dice) => `GRANT USAGE, CREATE ON SCHEMA ${dice.schema()} TO judge_dev`),
  kind(
    'default privileges',
    'follow',
    (dice) => `ALTER DEFAULT PRIVILEGES IN SCHEMA ${dice.schema()} GRANT SELECT ON TABLES TO judge_dev`,
  ),
  kind(
    'create sequence',
    'follow',
    (dice) =>
      `CREATE SEQUENCE ${dice.place('seq')} INCREMENT BY ${dice.random.int(1, 9)} START WITH 10 CYCLE MAXVALUE 5000`,
  ),
  kind('alter sequence', 'follow', (dice) => {
    const sequence = dice.one(dice.scene.sequences);
    return sequence && `ALTER SEQUENCE ${sequence} CACHE ${dice.random.int(2, 30)}`;
  }),
  kind('rename sequence', 'follow', (dice) => {
    const sequence = dice.one(dice.scene.sequences);
    return sequence && `ALTER SEQUENCE ${sequence} RENAME TO ${dice.fresh('rq')}`;
  }),
  kind('drop sequence', 'follow', (dice) => {
    const sequence = dice.one(dice.scene.sequences);
    return sequence && `DROP SEQUENCE ${sequence} CASCADE`;
  }),
  kind('comments on a schema, a function and a constraint', 'follow', (dice) => {
    const found = dice.one(dice.scene.constraints);
    const schema = `COMMENT ON SCHEMA ${dice.schema()} IS 'a schema'`;
    return found && dice.random.int(0, 1) === 0
      ? `COMMENT ON CONSTRAINT ${found.name} ON ${found.table} IS 'kept; here'`
      : schema;
  }),
  kind('collation', 'follow', (dice) => `CREATE COLLATION ${dice.place('coll')} FROM "C"`),
];
