import type { Side } from '../../../contract/contract';
import type { HeartbeatForm } from '../../../sql-runner/postgres/catalog/heartbeat-forms';
import { faultsOf } from '../../../sql-runner/resources/heartbeat-form';
import { columns, heartbeatForm, primaryKey } from '../support/heartbeat-forms';

/** Everything but the columns that is not as it was made: rights, what acts on beats, constraints and the key. */
const TABLE = '"acas_demo_shop"."acas_heartbeat"';
const told = (form: HeartbeatForm, side: Side) =>
  faultsOf(form, side).map(({ what, statements }) => [
    what,
    ...statements.map((statement) => statement.replace(`ALTER TABLE ${TABLE} `, '')),
  ]);
const NO_KEY = ['it has no primary key on id', 'ADD PRIMARY KEY (id);'];
const OTHER_KEY = ['it has another primary key', 'DROP CONSTRAINT "pk";'];
const unique = { name: 'odd', type: 'u', columns: [1], deferrable: false };

test.each<[string, HeartbeatForm, string[][]]>([
  ['as it was made', heartbeatForm(), []],
  [
    'in a schema of somebody else',
    heartbeatForm({ mayAlterSchema: false }),
    [['keeper owns its schema', 'ALTER SCHEMA "acas_demo_shop" OWNER TO "master";']],
  ],
  [
    'in a schema that its owner may not use',
    heartbeatForm({ mayUseSchema: false }),
    [['master may not use its schema', 'GRANT ALL ON SCHEMA "acas_demo_shop" TO "keeper";']],
  ],
  [
    'in a closed schema of somebody else',
    heartbeatForm({ mayAlterSchema: false, mayUseSchema: false }),
    [
      ['keeper owns its schema', 'ALTER SCHEMA "acas_demo_shop" OWNER TO "master";'],
      ['master may not use its schema', 'GRANT ALL ON SCHEMA "acas_demo_shop" TO "master";'],
    ],
  ],
  ['of somebody else', heartbeatForm({ mayAlter: false }), [['maker owns it', 'OWNER TO "master";']]],
  [
    'that its owner may not write',
    heartbeatForm({ ownerMay: false }),
    [['its owner has not all rights on it', `GRANT ALL ON TABLE ${TABLE} TO "maker";`]],
  ],
  [
    'of somebody else who may not write it',
    heartbeatForm({ mayAlter: false, ownerMay: false }),
    [
      ['maker owns it', 'OWNER TO "master";'],
      ['its owner has not all rights on it', `GRANT ALL ON TABLE ${TABLE} TO "master";`],
    ],
  ],
  [
    'with row security',
    heartbeatForm({ rowSecurity: true }),
    [['row security holds for it', 'DISABLE ROW LEVEL SECURITY;']],
  ],
  [
    'with forced row security',
    heartbeatForm({ forcedRowSecurity: true }),
    [['row security is forced on it', 'NO FORCE ROW LEVEL SECURITY;']],
  ],
  [
    'with a constraint more',
    heartbeatForm({ constraints: [unique, primaryKey(1)] }),
    [['it has constraint odd', 'DROP CONSTRAINT "odd";']],
  ],
  [
    'with a unique index more',
    heartbeatForm({ uniqueIndexes: ['odd'] }),
    [['it has unique index odd', 'DROP INDEX "acas_demo_shop"."odd";']],
  ],
  ['without a key', heartbeatForm({ constraints: [] }), [NO_KEY]],
  [
    'whose key may be broken until the commit',
    heartbeatForm({ constraints: [{ ...primaryKey(1), deferrable: true }] }),
    [OTHER_KEY, NO_KEY],
  ],
  ['with a key on another column', heartbeatForm({ constraints: [primaryKey(3)] }), [OTHER_KEY, NO_KEY]],
  ['with a key on more columns', heartbeatForm({ constraints: [primaryKey(1, 3)] }), [OTHER_KEY, NO_KEY]],
  [
    'unique by id alone',
    heartbeatForm({ constraints: [unique] }),
    [['it has constraint odd', 'DROP CONSTRAINT "odd";'], NO_KEY],
  ],
  [
    'identified by all columns',
    heartbeatForm({ identity: 'f' }),
    [['its replica identity is not that of its primary key', 'REPLICA IDENTITY DEFAULT;']],
  ],
  [
    'without id, and with another key',
    { ...columns({ id: null }), constraints: [primaryKey(3)] },
    [OTHER_KEY, ['it has no column id as it was made', `TRUNCATE ${TABLE};`, 'ADD COLUMN id uuid NOT NULL;'], NO_KEY],
  ],
  [
    'whose id is generated: its key goes with it',
    columns({ id: { isGenerated: true } }),
    [
      ['it has no column id as it was made', 'DROP COLUMN id;', `TRUNCATE ${TABLE};`, 'ADD COLUMN id uuid NOT NULL;'],
      NO_KEY,
    ],
  ],
])('a heartbeat %s', (_, form, expected) => {
  for (const side of ['source', 'target'] as const) expect(told(form, side)).toEqual(expected);
});

test('on the source all that acts on what is written, on the clone the triggers for what arrives', () => {
  const of = (kind: string) => [...'OARD'].map((enabled) => ({ name: `${kind}${enabled}`, enabled }));
  const form = heartbeatForm({ triggers: of('t'), rules: of('r') });
  const trigger = (name: string) => [`trigger ${name} fires on it`, `DISABLE TRIGGER "${name}";`];
  const rule = (name: string) => [`rule ${name} acts on it`, `DISABLE RULE "${name}";`];
  expect(told(form, 'source')).toEqual([trigger('tO'), trigger('tA'), rule('rO'), rule('rA')]);
  expect(told(form, 'target')).toEqual([trigger('tA'), trigger('tR')]);
});
