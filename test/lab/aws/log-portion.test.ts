import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { logPortion } from '../../../lab/aws/log-portion';

const folder = mkdtempSync(join(tmpdir(), 'log portion '));
const file = join(folder, 'server.log');
afterAll(() => rmSync(folder, { recursive: true }));

const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', ' ', '"') }), { maxLength: 30 });

test('without a marker the last lines, and portions one after the other are the whole', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 12 }), (all, size) => {
      const text = all.map((line) => `${line}\n`).join('');
      writeFileSync(file, text);
      const last = logPortion(file, null, size);
      expect(last.text).toBe(
        all
          .slice(-size)
          .map((line) => `${line}\n`)
          .join(''),
      );
      expect(last.pending).toBe(false);
      let [marker, whole, pending] = ['0', '', true];
      while (pending) {
        const next = logPortion(file, marker, size);
        expect(next.text.split('\n').length - 1).toBeLessThanOrEqual(size);
        [marker, whole, pending] = [next.marker, whole + next.text, next.pending];
      }
      expect(whole).toBe(text);
    }),
  );
});

test('no portion is longer than 1 MB, and the last one begins with a whole line', () => {
  const line = `${'x'.repeat(999)}\n`;
  writeFileSync(file, line.repeat(3_000));
  const last = logPortion(file, null);
  expect(last.text.length).toBe(1_048_000);
  const first = logPortion(file, '0');
  expect(first).toMatchObject({ pending: true, marker: '0:1048000' });
  // One line that is longer than a portion is handed out in pieces.
  writeFileSync(file, 'y'.repeat(1_500_000));
  expect(logPortion(file, '0').text.length).toBe(1_048_576);
});

test('a line that is being written comes with the next portion; what is behind the end is nothing', () => {
  writeFileSync(file, 'one\ntw');
  expect(logPortion(file, '0')).toEqual({ text: 'one\n', marker: '0:4', pending: true });
  expect(logPortion(file, '0:99')).toEqual({ text: '', marker: '0:6', pending: false });
  expect(() => logPortion(file, 'x')).toThrow('Invalid marker: x');
});
