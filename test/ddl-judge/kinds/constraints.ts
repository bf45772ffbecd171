import { type Dice, kind, type Kind } from './kind';

const check = (dice: Dice): { table: string; text: string } | null => {
  const found = dice.column(({ base }) => ['int4', 'int8', 'numeric'].includes(base));
  return (
    found && { table: found.table.name, text: `CHECK (${found.column.name} > -1000 OR ${found.column.name} IS NULL)` }
  );
};

const reference = (dice: Dice, valid: boolean): string | null => {
  const parent = dice.plain(({ key }) => key?.length === 1);
  const type = parent?.columns.find(({ name }) => name === parent.key![0])?.type;
  const child = dice.column((column, table) => column.type === type && table !== parent && !table.partitioned);
  return (
    parent &&
    child &&
    `ALTER TABLE ${child.table.name} ADD CONSTRAINT ${dice.fresh('fk')} FOREIGN KEY (${child.column.name}) REFERENCES ${parent.name} ON DELETE SET NULL${valid ? '' : ' NOT VALID'}`
  );
};

const constraint = (dice: Dice, fits: (one: { type: string; validated: boolean }) => boolean) =>
  dice.one(dice.scene.constraints.filter(fits));

export const CONSTRAINT_KINDS: readonly Kind[] = [
  kind('add check', 'follow', (dice) => {
    const made = check(dice);
    return made && `ALTER TABLE ${made.table} ADD CONSTRAINT ${dice.fresh('check')} ${made.text}`;
  }),
  kind('add check without a name', 'follow', (dice) => {
    const made = check(dice);
    return made && `ALTER TABLE ${made.table} ADD ${made.text}`;
  }),
  kind('add check, not valid', 'follow', (dice) => {
    const made = check(dice);
    return made && `ALTER TABLE ${made.table} ADD CONSTRAINT ${dice.fresh('check')} ${made.text} NOT VALID`;
  }),
  kind('validate', 'follow', (dice) => {
    const found = constraint(dice, ({ validated }) => !validated);
    return found && `ALTER TABLE ${found.table} VALIDATE CONSTRAINT ${found.name}`;
  }),
  kind('add unique', 'follow', (dice) => {
    const found = dice.column(({ base }, table) => ['int4', 'text', 'uuid'].includes(base) && !table.partitioned);
    return (
      found &&
      `ALTER TABLE ${found.table.name} ADD UNIQUE (${found.column.name})${dice.random.pick(['', ' DEFERRABLE INITIALLY DEFERRED'])}`
    );
  }),
  kind('add foreign key', 'follow', (dice) => reference(dice, true)),
  kind('add foreign key, not valid', 'follow', (dice) => reference(dice, false)),
  kind('exclusion constraint', 'follow', (dice) => {
    const found = dice.column(({ base }, table) => base === 'int4' && !table.partitioned);
    return (
      found &&
      `ALTER TABLE ${found.table.name} ADD EXCLUDE USING btree (${found.column.name} WITH =) WHERE (${found.column.name} > 100)`
    );
  }),
  kind('drop constraint', 'follow', (dice) => {
    const found = constraint(dice, ({ type }) => type !== 'p');
    return found && `ALTER TABLE ${found.table} DROP CONSTRAINT ${found.name}`;
  }),
  kind('rename constraint', 'follow', (dice) => {
    const found = constraint(dice, () => true);
    return found && `ALTER TABLE ${found.table} RENAME CONSTRAINT ${found.name} TO ${dice.fresh('con')}`;
  }),
  kind('alter constraint', 'follow', (dice) => {
    const found = constraint(dice, ({ type }) => type === 'f');
    return found && `ALTER TABLE ${found.table} ALTER CONSTRAINT ${found.name} DEFERRABLE INITIALLY DEFERRED`;
  }),
  kind('swap the primary key', 'follow', (dice) => {
    const primary = constraint(dice, ({ type }) => type === 'p');
    const table = dice.scene.tables.find(({ name, parent }) => name === primary?.table && parent === null);
    return primary && table?.key && !table.partitioned
      ? `ALTER TABLE ${table.name} DROP CONSTRAINT ${primary.name}, ADD CONSTRAINT ${dice.fresh('pk')} PRIMARY KEY (${table.key.join(', ')})`
      : null;
  }),
  kind('primary key of an index', 'follow', (dice) => {
    const index = dice.one(
      dice.scene.indexes.filter(({ unique, plain, ofConstraint }) => unique && plain && !ofConstraint),
    );
    const table = dice.scene.tables.find(({ name }) => name === index?.table);
    const primary = dice.scene.constraints.find(({ type, table: of }) => type === 'p' && of === index?.table);
    if (!index || !table || table.partitioned || table.parent !== null) return null;
    return `ALTER TABLE ${table.name} ${primary ? `DROP CONSTRAINT ${primary.name}, ` : ''}ADD CONSTRAINT ${dice.fresh('pk')} PRIMARY KEY USING INDEX ${index.bare}`;
  }),
  kind('replica identity full', 'follow', (dice) => {
    const table = dice.plain(({ columns }) =>
      columns.every(({ base, computed }) => base !== 'json' && base !== 'xml' && !computed),
    );
    return table && `ALTER TABLE ${table.name} REPLICA IDENTITY FULL`;
  }),
  kind('replica identity default', 'follow', (dice) => {
    const table = dice.plain(({ key }) => key !== null);
    return table && `ALTER TABLE ${table.name} REPLICA IDENTITY DEFAULT`;
  }),
  kind('replica identity of an index', 'follow', (dice) => {
    const fits = dice.scene.indexes.filter(({ unique, plain, table, columns }) => {
      const of = dice.scene.tables.find(({ name }) => name === table);
      return (
        unique &&
        plain &&
        of &&
        !of.partitioned &&
        columns.every((column) => of.columns.find(({ name }) => name === column)?.notNull)
      );
    });
    const index = dice.one(fits);
    return index && `ALTER TABLE ${index.table} REPLICA IDENTITY USING INDEX ${index.bare}`;
  }),
];
