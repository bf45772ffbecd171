import fc from 'fast-check';
import type { OperatorError } from '../../../errors/operator-error';
import { parseVerification } from '../../../sql-runner/actions/verification-file';

const key = fc.dictionary(
  fc.string().filter((name) => name !== '__proto__'),
  fc.string(),
  { minKeys: 1, maxKeys: 3 },
);
const difference = fc.record({
  key,
  kind: fc.constantFrom('missing on target', 'extra on target', 'different'),
  sourceLsn: fc.constant('0/1'),
});
const table = fc.record({
  database: fc.string(),
  schema: fc.string(),
  name: fc.string(),
  status: fc.constantFrom('equal', 'different', 'unsettled', 'unsupported'),
  differences: fc.array(difference, { maxLength: 4 }),
  moreDifferences: fc.boolean(),
});
const document = fc.record({
  format_version: fc.constant('1.0'),
  environment: fc.constant('dev'),
  equal: fc.boolean(),
  tables: fc.uniqueArray(table, {
    maxLength: 5,
    selector: ({ database, schema, name }) => JSON.stringify([database, schema, name]),
  }),
});

const codeOf = (text: string, environment = 'dev'): string => {
  try {
    parseVerification(text, 'verify.json', environment);
    return 'none';
  } catch (error) {
    return (error as OperatorError).code;
  }
};

test('the rows of what verify has printed are named, each with its key, and nothing else', () => {
  fc.assert(
    fc.property(document, (found) => {
      const text = JSON.stringify(found);
      const wanted = found.tables.filter(({ differences }) => differences.length > 0);
      const again = JSON.parse(text) as typeof found;
      const keys = again.tables
        .map(({ differences }) => differences.map((one) => one.key))
        .filter((all) => all.length > 0);
      const { tables } = parseVerification(text, 'verify.json', 'dev');
      expect(tables.map(({ keys: own }) => own.map((one) => ({ ...one })))).toEqual(
        keys.map((own) => own.map((one) => ({ ...one }))),
      );
      expect(tables.map(({ database, schema, name, more }) => [database, schema, name, more])).toEqual(
        wanted.map(({ database, schema, name, moreDifferences }) => [database, schema, name, moreDifferences]),
      );
    }),
  );
});

test('what verify has not printed is refused whole', () => {
  for (const text of ['', 'null', '[]', '{}', 'equal', '{"environment":"dev","equal":false,"tables":[{}]}'])
    expect(codeOf(text)).toBe('VERIFICATION_UNREADABLE');
  expect(codeOf(JSON.stringify({ environment: 'dev', equal: true, tables: [] }))).toBe('none');
  expect(codeOf(JSON.stringify({ environment: 'prod', equal: true, tables: [] }))).toBe('VERIFICATION_OF_ANOTHER');
});

test('a part of a document is no document', () => {
  fc.assert(
    fc.property(document, fc.nat(), (found, at) => {
      const text = JSON.stringify(found);
      expect(codeOf(text.slice(0, at % text.length))).toBe('VERIFICATION_UNREADABLE');
    }),
  );
});

test('a table that stands there twice is one', () => {
  const one = (id: string, more: boolean) => ({
    ...{ database: 'shop', schema: 'public', name: 'orders', moreDifferences: more },
    differences: [{ key: { id } }],
  });
  const text = JSON.stringify({ environment: 'dev', equal: false, tables: [one('1', true), one('2', false)] });
  expect(parseVerification(text, 'verify.json', 'dev').tables).toEqual([
    { database: 'shop', schema: 'public', name: 'orders', keys: [{ id: '1' }, { id: '2' }], more: true },
  ]);
});
