/**
 * Stryker's instrumenter on the sources of a sandbox: every mutant is put in
 * place beside the original, and switched on by its number at run time.
 *
 *   node instrument.mjs SANDBOX FILE...   rewrites the files, writes SANDBOX/mutants.json
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { addRemovals } from './removals.mjs';

// Texts are for people; `{}` for a whole object and `a.b` for `a?.b` end a run with an error instead of weakening it.
const EXCLUDED = ['StringLiteral', 'ObjectLiteral', 'OptionalChaining'];
const silent = Object.fromEntries(
  ['debug', 'info', 'warn', 'error', 'trace', 'fatal'].map((level) => [level, () => {}]),
);
const logger = { ...silent, isDebugEnabled: () => false };

const [sandbox, ...names] = process.argv.slice(2);
await addRemovals();
const files = await Promise.all(
  names.map(async (name) => ({ name, mutate: true, content: await readFile(join(sandbox, name), 'utf8') })),
);
const { files: mutated, mutants } = await new Instrumenter(logger).instrument(files, {
  excludedMutations: EXCLUDED,
  ignorers: [],
  noHeader: false,
  plugins: null,
});
const lines = new Map(files.map(({ name, content }) => [name, content.split('\n')]));
await writeFile(
  join(sandbox, 'mutants.json'),
  JSON.stringify(mutants.filter(({ status }) => status !== 'Ignored').map(described)),
);
for (const { name, content } of mutated) await writeFile(join(sandbox, name), content);

/** Known by its text and not by its line, which moves with every edit above it. */
function described({ id, fileName, mutatorName, location, replacement }) {
  const { start, end } = location;
  const rows = lines.get(fileName).slice(start.line, end.line + 1);
  const last = rows.length - 1;
  rows[last] = rows[last].slice(0, end.column);
  rows[0] = rows[0].slice(start.column);
  const oneLine = (text) => text.replace(/\s+/g, ' ').trim();
  const original = oneLine(rows.join('\n'));
  return {
    id,
    file: fileName,
    line: start.line + 1,
    mutator: mutatorName,
    original,
    replacement: oneLine(replacement),
  };
}
