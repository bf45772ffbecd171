import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_STATES } from '../../sql-runner/model/stream-state';

test('ARCHITECTURE.md has what comes next of each state', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'ARCHITECTURE.md'), 'utf8');
  const table = text.slice(text.indexOf('| State '), text.indexOf('What the clone brought along is removed'));
  const written = new Set([...table.matchAll(/^\| ([a-z ]+?) +\|/gm)].map(([, state]) => state));
  expect([...written].sort()).toEqual([...STREAM_STATES].sort());
});
