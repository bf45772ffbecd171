import { parameterNotes } from '../../environments/rules/parameters';
import { applyMethod } from '../../environments/parameters/apply-method';
import { editedText, loadEdited, loadText } from './edited-environment';
import { extra } from './wrong/parameters';

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
