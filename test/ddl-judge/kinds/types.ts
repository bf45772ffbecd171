import { literal } from '../values';
import { type Dice, kind, type Kind } from './kind';

const typed = (dice: Dice, kind: 'e' | 'd' | 'c') => dice.one(dice.scene.types.filter((type) => type.kind === kind));

export const TYPE_KINDS: readonly Kind[] = [
  kind('create enum', 'follow', (dice) => `CREATE TYPE ${dice.place('enum')} AS ENUM ('a', 'it''s', 'B b')`),
  kind(
    'add enum value',
    'follow',
    (dice) => {
      const type = typed(dice, 'e');
      const label = literal(`new ${dice.random.int(1, 999)}`);
      const where =
        type && type.labels.length > 0
          ? dice.random.pick([
              '',
              ` BEFORE ${literal(dice.random.pick(type.labels))}`,
              ` AFTER ${literal(dice.random.pick(type.labels))}`,
            ])
          : '';
      return type && `ALTER TYPE ${type.name} ADD VALUE IF NOT EXISTS ${label}${where}`;
    },
    2,
  ),
  kind('rename enum value', 'follow', (dice) => {
    const type = typed(dice, 'e');
    return type && type.labels.length > 0
      ? `ALTER TYPE ${type.name} RENAME VALUE ${literal(dice.random.pick(type.labels))} TO ${literal(`re ${dice.random.int(1, 999)}`)}`
      : null;
  }),
  kind(
    'create domain',
    'follow',
    (dice) => `CREATE DOMAIN ${dice.place('dom')} AS text DEFAULT 'x' CHECK (VALUE <> ';')`,
  ),
  kind(
    'create domain with a volatile default',
    'follow',
    (dice) => `CREATE DOMAIN ${dice.place('stamp')} AS timestamptz DEFAULT clock_timestamp()`,
  ),
  kind('domain constraint', 'follow', (dice) => {
    const type = typed(dice, 'd');
    return type && `ALTER DOMAIN ${type.name} ADD CONSTRAINT ${dice.fresh('dc')} CHECK (VALUE IS NOT NULL OR true)`;
  }),
  kind('domain default', 'follow', (dice) => {
    const type = typed(dice, 'd');
    return type && `ALTER DOMAIN ${type.name} DROP DEFAULT`;
  }),
  kind('create composite', 'follow', (dice) => `CREATE TYPE ${dice.place('pair')} AS (a int, b text)`),
  kind('composite attribute', 'follow', (dice) => {
    const type = typed(dice, 'c');
    return type && `ALTER TYPE ${type.name} ADD ATTRIBUTE ${dice.fresh('attr')} numeric`;
  }),
  kind('create range', 'follow', (dice) => `CREATE TYPE ${dice.place('span')} AS RANGE (subtype = float8)`),
  kind('rename type', 'follow', (dice) => {
    const type = dice.one(dice.scene.types.filter((one) => one.kind !== 'd' && !one.name.includes('stamp')));
    return type && `ALTER TYPE ${type.name} RENAME TO ${dice.fresh('type')}`;
  }),
  kind('type owner', 'follow', (dice) => {
    const type = typed(dice, 'e');
    return type && `ALTER TYPE ${type.name} OWNER TO judge_dev`;
  }),
  kind('type schema', 'follow', (dice) => {
    const type = typed(dice, 'e');
    return type && `ALTER TYPE ${type.name} SET SCHEMA ${dice.schema()}`;
  }),
  kind('drop type', 'follow', (dice) => {
    const type = dice.one(dice.scene.types);
    return type && `DROP TYPE ${type.name}`;
  }),
  kind('comment on a type', 'follow', (dice) => {
    const type = typed(dice, 'e');
    return type && `COMMENT ON TYPE ${type.name} IS 'a; type'`;
  }),
];
