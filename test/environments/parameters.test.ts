import { parameterNotes } from '../../environments/rules/parameters';
import { applyMethod } from '../../environments/parameters/apply-method';
import { editedText, loadEdited, loadText, testMistakes, type Edit, type Mistake } from './edited-environment';

const extra = (...lines: string[]): Edit => [
  '    majorVersion: 17\n',
  `    majorVersion: 17\n    extraParameters:\n${lines.map((line) => `      ${line}\n`).join('')}`,
];

/** What extraParameters can get wrong; each found where it stands. */
const MISTAKES: readonly Mistake[] = [
  [
    'a name with a slip',
    'PARAMETER_MISSPELT',
    '^work_mme',
    /Did you mean "work_mem"\?/,
    extra('work_mme: 4096', 'random_page_cost: 2'),
  ],
  [
    'a name with the wrong separator',
    'PARAMETER_MISSPELT',
    '^rds_force_ssl',
    /Did you mean "rds\.force_ssl"\?/,
    extra('rds_force_ssl: 1'),
  ],
  [
    'a name in capitals',
    'PARAMETER_MISSPELT',
    '^Work_Mem',
    /Did you mean "work_mem"\?(.|\n)*\{ value, applyMethod \}/,
    extra('Work_Mem: 4096'),
  ],
  [
    "PostgreSQL's name for what RDS calls otherwise",
    'PARAMETER_NOT_OFFERED',
    '^wal_level',
    /not among the parameters that AWS lists(.|\n)*the stack sets rds\.logical_replication/,
    extra('wal_level: logical'),
  ],
  ['what Aurora does itself', 'PARAMETER_NOT_OFFERED', '^fsync', /fsync is set, which is not among/, extra('fsync: 0')],
  [
    'what AWS keeps to itself',
    'PARAMETER_NOT_OFFERED',
    '^port',
    /AWS lets nobody change(.|\n)*\{ value, applyMethod \}/,
    extra('port: 5433'),
  ],
  [
    'a parameter of former versions',
    'PARAMETER_OTHER_VERSION',
    '^old_snapshot_threshold',
    /version 17 of PostgreSQL does not have; versions 13 to 16 have it/,
    extra('old_snapshot_threshold: 60'),
  ],
  [
    'a parameter of a later version',
    'PARAMETER_OTHER_VERSION',
    '^io_workers',
    /version 17 of PostgreSQL does not have; version 18 has it/,
    extra('io_workers: 4'),
  ],
  [
    'a size with a unit',
    'BAD_PARAMETER_VALUE',
    '^64MB',
    /a whole number from 64 to 2147483647, counted in kB(.|\n)*give the number of kB/,
    extra('work_mem: 64MB'),
  ],
  [
    'a word for a switch',
    'BAD_PARAMETER_VALUE',
    'log_lock_waits: ^on',
    /1 for on and 0 for off(.|\n)*Write 1\./,
    extra('log_lock_waits: on'),
  ],
  ['no switch at all', 'BAD_PARAMETER_VALUE', '^2', /Write 1 or 0/, extra('rds.force_ssl: 2')],
  [
    "less than AWS's least",
    'BAD_PARAMETER_VALUE',
    'max_wal_senders: ^4',
    /from 5 to 262143/,
    extra('max_wal_senders: 4'),
  ],
  [
    'more than the most',
    'BAD_PARAMETER_VALUE',
    '^10001',
    /from 1 to 10000(.|\n)*number of that range/,
    extra('default_statistics_target: 10001'),
  ],
  ['a part of a whole number', 'BAD_PARAMETER_VALUE', '^10.5', /a whole number/, extra('max_wal_senders: 10.5')],
  ['a text for a number', 'BAD_PARAMETER_VALUE', '^many', /Give a whole number/, extra('max_connections: many')],
  [
    'a text for a part',
    'BAD_PARAMETER_VALUE',
    '^half',
    /a number from 0 to 100/,
    extra('autovacuum_vacuum_scale_factor: half'),
  ],
  [
    'a word that is none of its own',
    'BAD_PARAMETER_VALUE',
    '^remote_apply',
    /it takes local, on, off/,
    extra('synchronous_commit: remote_apply'),
  ],
  [
    'a word with a slip',
    'BAD_PARAMETER_VALUE',
    '^dll',
    /it takes none, ddl, mod, all(.|\n)*Did you mean "ddl"\?/,
    extra('log_statement: dll'),
  ],
  [
    'one wrong word of a list',
    'BAD_PARAMETER_VALUE',
    '^ddl,reads',
    /Did you mean "read"\?/,
    extra('pgaudit.log: ddl,reads'),
  ],
  ['an empty text', 'BAD_PARAMETER_VALUE', `^''`, /not empty/, extra(`timezone: ''`)],
  [
    'a truth value',
    'WRONG_TYPE',
    'rds.force_ssl: ^true',
    /force_ssl is true(.|\n)*Write 1, or "true" in quotes/,
    extra('rds.force_ssl: true'),
  ],
  [
    'nothing',
    'WRONG_TYPE',
    '^work_mem',
    /work_mem is empty, but a text or a number or a mapping belongs there/,
    extra('work_mem:'),
  ],
  [
    'a method without a word for it',
    'MISSING_SETTING',
    'work_mem: ^{',
    /work_mem\.applyMethod is missing/,
    extra('work_mem: { value: 4096 }'),
  ],
  [
    'a method that RDS does not have',
    'UNKNOWN_OPTION',
    '^at-once',
    /immediate or pending-reboot/,
    extra('work_mem: { value: 4096, applyMethod: at-once }'),
  ],
];

testMistakes(MISTAKES);

test('what RDS takes is taken: formulas, negative numbers, words in any case, values of a later version', () => {
  const lines = [
    'max_connections: "LEAST({DBInstanceClassMemory/9531392},5000)"',
    'log_min_duration_statement: -1',
    'random_page_cost: 1.1',
    'pg_stat_statements.track: all',
    'pgaudit.log: "ddl, -misc"',
    'shared_preload_libraries: pg_stat_statements,a_new_library',
    'ssl_min_protocol_version: TLSv1.3',
  ];
  expect(Object.keys(loadEdited(extra(...lines)).source.cluster.extraParameters)).toHaveLength(lines.length);
});

test('version 18 has other kinds of old parameters', () => {
  const text = editedText(extra('log_connections: authentication', 'autovacuum_max_workers: 5')).replaceAll('17', '18');
  expect(() => loadText(text)).not.toThrow();
  expect([17, 18].map((major) => applyMethod('autovacuum_max_workers', major))).toEqual([
    'pending-reboot',
    'immediate',
  ]);
});

test('what the table cannot judge is a note, not an error, and waits for a restart unless somebody knows better', () => {
  const environment = loadEdited(extra('brand_new_thing: 7', 'transaction_timeout: 5000', 'work_mem: 4096'));
  expect(parameterNotes(environment).map(({ code, seen }) => [code, seen])).toEqual([
    ['PARAMETER_UNKNOWN', expect.stringContaining('brand_new_thing is not known to the table')],
    ['PARAMETER_UNKNOWN', expect.stringContaining('transaction_timeout is known of PostgreSQL 17 only')],
  ]);
  expect(applyMethod('brand_new_thing', 17)).toBe('pending-reboot');
  expect(applyMethod('transaction_timeout', 17)).toBe('immediate');
});

test('a value that comes with its method is taken as it stands, without a note', () => {
  const vouched = '{ value: 5000, applyMethod: immediate }';
  const environment = loadEdited(extra(`lock_timeout: ${vouched}`, `brand_new_thing: ${vouched}`));
  expect(parameterNotes(environment)).toEqual([]);
});

test.each(['DateStyle', 'TimeZone'])('%s is written in lower case, as RDS has it', (name) => {
  expect(() => loadEdited(extra(`${name}: UTC`))).toThrow('PARAMETER_MISSPELT');
});
