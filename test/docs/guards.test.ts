import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsBelow } from '../../docs/generate/error-sources';

/** docs/guards.md names codes and tests: they must be there, and the tests must be about these codes. */
const PROJECT = join(__dirname, '..', '..');
const rows = readFileSync(join(PROJECT, 'docs', 'guards.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| .*`[A-Z_]+`/.test(line))
  .flatMap((line) => {
    const [, what = '', codes = '', tests = ''] = line.split('|');
    const named = (cell: string, pattern: RegExp) => [...cell.matchAll(pattern)].map(([, name]) => name!);
    return named(codes, /`([A-Z_]+)`/g).flatMap((code) =>
      named(tests, /`(test\/[^`]+)`/g).map((file) => [what.trim(), code, file] as const),
    );
  });
const raised = new Set(errorsBelow('sql-runner').map(({ code }) => code));

test('there is a line for each guard', () => expect(rows.length).toBeGreaterThanOrEqual(28));

test.each(rows)('%s: %s is raised, and %s expects it', (_, code, file) => {
  expect([...raised]).toContain(code);
  // In code, not only in a comment.
  expect(readFileSync(join(PROJECT, file), 'utf8')).toMatch(
    new RegExp(`'[^']*\\b${code}\\b|/[^/]*\\b${code}\\b[^/]*/`),
  );
});

test('every guard right before a change, and every refusal of a clone, is in the table', () => {
  const guarded = errorsBelow('sql-runner/resources')
    .filter(({ file }) =>
      /clone-alignment|link-bootstrap|replication-origin|replication-slot|continuity|resume/.test(file),
    )
    .map(({ code }) => code);
  expect(guarded.length).toBeGreaterThan(8);
  const listed = new Set(rows.map(([, code]) => code));
  expect([...new Set(guarded)].filter((code) => !listed.has(code))).toEqual([]);
});
