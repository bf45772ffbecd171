import type { SceneColumn } from '../scene';
import { type Dice, kind, type Kind } from './kind';

const TYPES: readonly (readonly [string, string])[] = [
  ['int', '7'],
  ['bigint', '-1'],
  ['text', `'it''s; "x"'`],
  ['varchar(20)', `'ab'`],
  ['numeric(10, 2)', '1.50'],
  ['boolean', 'true'],
  ['timestamptz', `'2026-01-01 00:00+00'`],
  ['jsonb', `'{"a": 1}'`],
  ['int[]', `'{1,2}'`],
];

const add =
  (more: (dice: Dice) => string | null): Kind['make'] =>
  (dice) => {
    const table = dice.table();
    const tail = more(dice);
    return table && tail ? `ALTER TABLE ${table.name} ADD COLUMN ${dice.fresh('c')} ${tail}` : null;
  };

export const alter =
  (fits: (column: SceneColumn) => boolean, more: (dice: Dice, column: SceneColumn) => string): Kind['make'] =>
  (dice) => {
    const found = dice.column((column) => !column.computed && fits(column));
    return found && `ALTER TABLE ${found.table.name} ALTER COLUMN ${found.column.name} ${more(dice, found.column)}`;
  };

export const is =
  (...bases: string[]) =>
  ({ base }: SceneColumn): boolean =>
    bases.includes(base);
export const removable = (dice: Dice) => dice.column((column, { columns }) => !column.inherited && columns.length > 3);
const constant = (dice: Dice): string => {
  const [type, value] = dice.random.pick(TYPES);
  return `${type} DEFAULT ${value}`;
};

export const COLUMN_KINDS: readonly Kind[] = [
  kind(
    'add column',
    'follow',
    add((dice) => dice.random.pick(TYPES)[0]),
    3,
  ),
  kind('add column, constant default', 'follow', add(constant), 2),
  kind(
    'add column, not null and default',
    'follow',
    add((dice) => `${constant(dice)} NOT NULL`),
  ),
  kind(
    'add column, default now()',
    'stop',
    add((dice) => `timestamptz DEFAULT ${dice.random.pick(['now()', 'CURRENT_TIMESTAMP'])}`),
  ),
  kind(
    'add column, date of the word today',
    'stop',
    add(() => `timestamptz DEFAULT 'now'`),
  ),
  kind(
    'add column, volatile default',
    'stop',
    add((dice) =>
      dice.random.pick([
        'float8 DEFAULT random()',
        'timestamptz DEFAULT clock_timestamp()',
        'bigint DEFAULT txid_current()',
        'int DEFAULT pg_backend_pid()',
      ]),
    ),
  ),
  kind(
    'add column, default of the session',
    'stop',
    add((dice) =>
      dice.random.pick([
        'text DEFAULT current_user',
        `text DEFAULT current_setting('application_name')`,
        'text DEFAULT current_database()',
      ]),
    ),
  ),
  kind(
    'add column, identity',
    'stop',
    add((dice) => `bigint GENERATED ${dice.random.pick(['ALWAYS', 'BY DEFAULT'])} AS IDENTITY`),
  ),
  kind(
    'add column, serial',
    'stop',
    add(() => 'serial'),
  ),
  kind(
    'add column of a domain with a volatile default',
    'stop',
    add((dice) => dice.one(dice.scene.types.filter(({ name }) => name.includes('stamp')))?.name ?? null),
  ),
  kind(
    'add column of an enum',
    'follow',
    add((dice) => dice.one(dice.scene.types.filter(({ kind }) => kind === 'e'))?.name ?? null),
  ),
  kind(
    'add column, default of a lying function',
    'stop',
    add((dice) => (dice.scene.functions.some(({ name }) => name === 'app.lies') ? 'int DEFAULT app.lies()' : null)),
  ),
  kind('add column, generated', 'follow', (dice) => {
    const found = dice.column((column) => !column.computed && is('int4', 'text')(column));
    if (!found || found.table.identity === 'f') return null;
    const { name, base, type } = found.column;
    const made =
      base === 'text'
        ? `text GENERATED ALWAYS AS (upper(${name})) STORED`
        : `bigint GENERATED ALWAYS AS (${name} * 2::bigint) STORED`;
    return type === 'text' || base === 'int4'
      ? `ALTER TABLE ${found.table.name} ADD COLUMN ${dice.fresh('g')} ${made}`
      : null;
  }),
  kind(
    'add a generated column beside a volatile one',
    'stop',
    add(
      (dice) =>
        `int GENERATED ALWAYS AS (1) STORED, ADD COLUMN ${dice.fresh('c')} ${dice.random.pick(['float8 DEFAULT random()', 'serial', 'timestamptz DEFAULT clock_timestamp()'])}`,
    ),
  ),
  kind('add column if it is not there', 'follow', (dice) => {
    const found = dice.column(() => true);
    return found && `ALTER TABLE ${found.table.name} ADD COLUMN IF NOT EXISTS ${found.column.name} int DEFAULT 5`;
  }),
  kind(
    'add column with constraints',
    'follow',
    add((dice) => `int UNIQUE CHECK (${dice.random.pick(['1 > 0', '2 = 2'])})`),
  ),
  kind(
    'drop column',
    'follow',
    (dice) => {
      const found = removable(dice);
      return found && `ALTER TABLE ${found.table.name} DROP COLUMN ${found.column.name}`;
    },
    2,
  ),
  kind('drop column, cascade', 'follow', (dice) => {
    const found = removable(dice);
    return found && `ALTER TABLE ${found.table.name} DROP COLUMN IF EXISTS ${found.column.name} CASCADE`;
  }),
  kind(
    'rename column',
    'follow',
    (dice) => {
      const found = dice.column(({ inherited }) => !inherited);
      return found && `ALTER TABLE ${found.table.name} RENAME COLUMN ${found.column.name} TO ${dice.fresh('r')}`;
    },
    2,
  ),
];
