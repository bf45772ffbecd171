import { alter, is, removable } from './columns';
import { kind, type Kind } from './kind';

/** What is done to a column that is there. */
export const COLUMN_CHANGE_KINDS: readonly Kind[] = [
  kind(
    'widen an integer',
    'follow',
    alter(is('int4', 'int2'), () => 'TYPE bigint'),
  ),
  kind(
    'widen a varchar',
    'follow',
    alter(is('varchar'), (dice) => `TYPE varchar(${dice.random.int(50, 90)})`),
  ),
  kind(
    'narrow a text',
    'stop',
    alter(is('text'), (dice, { name }) => `TYPE varchar(${dice.random.int(8, 30)}) USING left(${name}, 8)`),
  ),
  kind(
    'type using an expression',
    'stop',
    alter(is('int4', 'int8'), (_, { name }) => `TYPE numeric(20, 3) USING ${name} * 1.5`),
  ),
  kind(
    'type using a volatile expression',
    'stop',
    alter(is('float8', 'numeric'), (_, { name }) => `TYPE float8 USING ${name}::float8 + random()`),
  ),
  kind('timestamp to timestamptz in a time zone', 'stop', (dice) => {
    const found = dice.column((column) => !column.computed && is('timestamp')(column));
    const zone = dice.random.pick(['Asia/Tokyo', 'America/New_York']);
    return (
      found && {
        sql: `ALTER TABLE ${found.table.name} ALTER COLUMN ${found.column.name} TYPE timestamptz`,
        settings: [`TimeZone = '${zone}'`],
      }
    );
  }),
  kind('date to text in a date style', 'stop', (dice) => {
    const found = dice.column((column) => !column.computed && is('date')(column));
    return (
      found && {
        sql: `ALTER TABLE ${found.table.name} ALTER COLUMN ${found.column.name} TYPE text USING ${found.column.name}::text`,
        settings: [`DateStyle = 'German'`],
      }
    );
  }),
  kind(
    'set default',
    'follow',
    alter(is('int4', 'int8', 'numeric'), (dice) => `SET DEFAULT ${dice.random.int(1, 99)}`),
  ),
  kind(
    'set default now()',
    'follow',
    alter(is('timestamptz', 'timestamp'), () => 'SET DEFAULT now()'),
  ),
  kind(
    'drop default',
    'follow',
    alter(
      ({ hasDefault }) => hasDefault,
      () => 'DROP DEFAULT',
    ),
  ),
  kind(
    'set not null',
    'follow',
    alter(
      ({ notNull }) => !notNull,
      () => 'SET NOT NULL',
    ),
  ),
  kind(
    'drop not null',
    'follow',
    alter(
      ({ notNull }) => notNull,
      () => 'DROP NOT NULL',
    ),
  ),
  kind(
    'storage',
    'follow',
    alter(is('text', 'jsonb', 'bytea'), (dice) => `SET STORAGE ${dice.random.pick(['EXTERNAL', 'MAIN', 'EXTENDED'])}`),
  ),
  kind(
    'statistics target',
    'follow',
    alter(
      () => true,
      (dice) => `SET STATISTICS ${dice.random.int(10, 500)}`,
    ),
  ),
  kind(
    'column options',
    'follow',
    alter(
      () => true,
      () => 'SET (n_distinct = -0.5)',
    ),
  ),
  kind('compression', 'follow', (dice) =>
    dice.scene.major < 14 ? null : alter(is('text', 'jsonb'), () => 'SET COMPRESSION pglz')(dice),
  ),
  kind('several actions in one ALTER TABLE', 'follow', (dice) => {
    const found = removable(dice);
    return (
      found &&
      `ALTER TABLE ${found.table.name} ADD COLUMN ${dice.fresh('m')} int, DROP COLUMN ${found.column.name}, ADD COLUMN ${dice.fresh('m')} text DEFAULT 'a;b'`
    );
  }),
];
