import type { Side } from '../../../contract/contract';
import type { HeartbeatForm } from '../../../sql-runner/postgres/catalog/heartbeat-forms';
import { columnFaults, holdsBeats } from '../../../sql-runner/resources/heartbeat-columns';
import { added, columns, heartbeatForm } from '../support/heartbeat-forms';

/** Which columns of a heartbeat are not as they were made, and the statements that bring each one back. */
const told = (form: HeartbeatForm, side: Side = 'source') =>
  columnFaults(form, 't', side).map(({ what, statements, emptiesSource }) => [
    what,
    ...statements.map((statement) => statement.replace(/^ALTER TABLE t /, '')),
    ...(emptiesSource === undefined ? [] : ['and the source']),
  ]);

test('what is as it was made, or was made again as it was, is no fault', () => {
  expect(told(heartbeatForm())).toEqual([]);
  expect(told(columns({ passed: null }, added(9, 'passed', 'pg_lsn')))).toEqual([]);
});

test.each<[string, HeartbeatForm, string[][]]>([
  ['more', columns({}, added(7, 'More')), [['it has a column More more', 'DROP COLUMN "More";']]],
  ['renamed', columns({ at: { name: 'x' } }), [['its column at is named x', 'RENAME COLUMN "x" TO at;']]],
  [
    'exchanged',
    columns({ id: { name: 'previous' }, previous: { name: 'id' } }),
    [
      [
        'its column id is named previous, its column previous is named id',
        'RENAME COLUMN "previous" TO acas_id;',
        'RENAME COLUMN "id" TO acas_previous;',
        'RENAME COLUMN "acas_id" TO id;',
        'RENAME COLUMN "acas_previous" TO previous;',
      ],
    ],
  ],
  [
    'renamed to the name of one that was renamed',
    columns({ at: { name: 'lsn' }, lsn: { name: 'x' } }),
    [
      [
        'its column at is named lsn, its column lsn is named x',
        'RENAME COLUMN "x" TO acas_lsn;',
        'RENAME COLUMN "lsn" TO at;',
        'RENAME COLUMN "acas_lsn" TO lsn;',
      ],
    ],
  ],
  [
    'renamed to the name of one that was dropped',
    columns({ previous: null, passed: { name: 'previous' } }),
    [
      ['its column passed is named previous', 'RENAME COLUMN "previous" TO passed;'],
      ['it has no column previous as it was made', 'ADD COLUMN previous uuid;'],
    ],
  ],
  [
    'renamed, and another made in its name',
    columns({ at: { name: 'old' } }, added(7, 'at')),
    [
      ['it has a column at more', 'DROP COLUMN "at";'],
      ['its column at is named old', 'RENAME COLUMN "old" TO at;'],
    ],
  ],
  [
    'dropped, and another one made',
    columns({ passed: null }, added(7, 'more')),
    [
      ['it has a column more more', 'DROP COLUMN "more";'],
      ['it has no column passed as it was made', 'ADD COLUMN passed pg_lsn;'],
    ],
  ],
  ['given a default', columns({ at: { hasDefault: true } }), [['at has a default', 'ALTER COLUMN at DROP DEFAULT;']]],
  [
    'made an identity',
    columns({ number: { isIdentity: true } }),
    [['number is an identity column', 'ALTER COLUMN number DROP IDENTITY;']],
  ],
  [
    'of another type',
    columns({ number: { type: 'text' } }),
    [['number is of type text', 'ALTER COLUMN number TYPE bigint USING number::text::bigint;']],
  ],
  ...['previous', 'passed'].map((name): [string, HeartbeatForm, string[][]] => [
    `not null: ${name}`,
    columns({ [name]: { notNull: true } }),
    [[`${name} is NOT NULL`, `ALTER COLUMN ${name} DROP NOT NULL;`]],
  ]),
  ...['number', 'at', 'lsn'].map((name): [string, HeartbeatForm, string[][]] => [
    `nullable: ${name}`,
    columns({ [name]: { notNull: false } }),
    [[`${name} may be null`, `ALTER COLUMN ${name} SET NOT NULL;`]],
  ]),
  ['nullable: id, which its key makes not null', columns({ id: { notNull: false } }), []],
])('a column %s', (_, form, expected) => {
  expect(told(form)).toEqual(expected);
});

test('beats go on without what may be null, and begin anew on both sides without the rest', () => {
  const optional = columns({ previous: null, passed: null });
  const both = [
    'it has no column previous, passed as it was made',
    'ADD COLUMN previous uuid, ADD COLUMN passed pg_lsn;',
  ];
  for (const side of ['source', 'target'] as const) expect(told(optional, side)).toEqual([both]);

  const needed = columns({ previous: null, number: null });
  const anew = [
    'it has no column previous, number as it was made',
    'TRUNCATE t;',
    'ADD COLUMN previous uuid, ADD COLUMN number bigint NOT NULL;',
  ];
  expect(told(needed)).toEqual([anew]);
  expect(told(needed, 'target')).toEqual([[...anew, 'and the source']]);

  // What it generates is no beat, whatever else it is.
  expect(told(columns({ at: { isGenerated: true, type: 'text' } }))).toEqual([
    [
      'it has no column at as it was made',
      'DROP COLUMN at;',
      'TRUNCATE t;',
      'ADD COLUMN at timestamp with time zone NOT NULL;',
    ],
  ]);
});

test('beats can be read where every column has its name', () => {
  expect(holdsBeats(heartbeatForm())).toBe(true);
  expect(holdsBeats(columns({ passed: null }, added(7, 'passed')))).toBe(true);
  expect(holdsBeats(columns({ at: { name: 'x' } }))).toBe(false);
  expect(holdsBeats(columns({ passed: null }))).toBe(false);
});
