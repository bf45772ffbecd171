import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorReference, PARTS } from '../../docs/generate/error-codes';
import { CODES } from '../../errors/codes';

const reference = errorReference();
const PROJECT = join(__dirname, '..', '..');

test('each code is at home in one part, in the order of the alphabet', () => {
  const codes = PARTS.flatMap((part) => Object.keys(part.codes));
  expect([...codes].sort()).toEqual(Object.keys(CODES).sort());
  for (const part of PARTS) expect(Object.keys(part.codes)).toEqual(Object.keys(part.codes).sort());
});

test('each part names the file that has its codes', () => {
  const files = readdirSync(join(PROJECT, 'errors', 'codes'));
  expect(PARTS.map(({ home }) => `${home}.ts`).sort()).toEqual(files.sort());
  for (const { home, codes } of PARTS) {
    const text = readFileSync(join(PROJECT, 'errors', 'codes', `${home}.ts`), 'utf8');
    expect(Object.keys(codes).filter((code) => !text.includes(`\n  ${code}: `))).toEqual([]);
    expect(reference).toContain(`](../errors/codes/${home}.ts)`);
  }
});

test.each(Object.entries(CODES))('%s begins with its sentence, and has what to do', (code, about) => {
  const entry = reference.split(`\n### ${code}\n`)[1]?.split(/\n##+ /)[0] ?? '';
  expect(entry).toMatch(/\*\*Seen[^*]*:\*\* .+\\\n {2}\*\*Why it matters:\*\* .+\\\n {2}\*\*What to do:\*\* ./);
  expect(entry.trimStart().split('\n')[0]).toBe(about);
});
