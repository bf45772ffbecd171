import fc from 'fast-check';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { shortQuery } from '../../../sql-runner/postgres/text/short-query';

test.each([
  ['UPDATE orders SET n = 5 WHERE id = 12', 'UPDATE orders SET n = … WHERE id = …'],
  [`ALTER ROLE a PASSWORD 'hunter2'`, 'ALTER ROLE a PASSWORD …'],
  [`SELECT E'it\\'s secret', 1`, 'SELECT …'],
  [`SELECT 'it''s', "Name's", $1, t1 FROM x -- secret`, `SELECT …, "Name's", $1, t1 FROM x`],
  ['SELECT $tag$ secret $tag$, $$ more $$', 'SELECT …, …'],
  ['SELECT /* secret */ 1.5e10, .5, 0x1F, -7', 'SELECT …, …, …, -…'],
  [`COPY a FROM STDIN\n\tWITH  (FORMAT csv)`, 'COPY a FROM STDIN WITH (FORMAT csv)'],
  [`INSERT INTO a VALUES ('cut off in the mid`, 'INSERT INTO a VALUES (…'],
  [`SELECT U&'secret', b'01', N'x'`, 'SELECT …, …, …'],
])('%s', (query, short) => {
  expect(shortQuery(query)).toBe(short);
});

test('no value of any statement is told, and no line is longer than 60', () => {
  const secret = fc.string({ minLength: 1 }).map((text) => `S3CRET${text}`);
  fc.assert(
    fc.property(secret, fc.nat(80), fc.boolean(), (value, cut, whole) => {
      const query = `UPDATE t SET a = ${quoteLiteral(value)} WHERE b = ${quoteLiteral(value)}`;
      const told = shortQuery(whole ? query : query.slice(0, cut));
      expect(told).not.toContain('S3C');
      expect(told.length).toBeLessThanOrEqual(60);
      expect(told).not.toMatch(/[\n\t]/);
    }),
  );
});
