import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEALTH_STATES } from '../../sql-runner/model/health';
import { runbookOf, STATE_OF_CODE } from '../../sql-runner/model/runbook';
import { FOLDER, pages } from '../breakages/runbooks/page';
import { ON_THE_WAY } from '../breakages/runbooks/play-pages';
import { BREAKAGES } from '../breakages/table';

/** What a page says is carried out by `npm run test:breakages`; here, that none is missing, and none says nothing. */

const PARTS = ['What you see', 'Why', 'How urgent it is for production', 'What to do', 'When it is over'];
const text = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

test('every state has its page, and no page is of none', () => {
  expect(
    pages()
      .map(({ state }) => state)
      .sort(),
  ).toEqual([...HEALTH_STATES].sort());
  for (const { state, file } of pages()) expect(runbookOf(state as never)).toBe(`docs/runbooks/${file}`);
  for (const state of HEALTH_STATES) expect(existsSync(join(__dirname, '..', '..', runbookOf(state)))).toBe(true);
});

test('each has all parts, in order, with what status printed and a way that can be carried out', () => {
  for (const { file, excerpt, ways } of pages()) {
    expect([file, [...text(file).matchAll(/^## (.+)$/gm)].map(([, title]) => title)]).toEqual([file, PARTS]);
    expect([file, excerpt]).toEqual([file, expect.stringMatching(/^database +state/)]);
    expect([file, ways.length]).toEqual([file, expect.any(Number)]);
    expect(ways).not.toEqual([]);
  }
});

test('what each way is about is a row of the table, but for those on the way to a copy', () => {
  const rows = BREAKAGES.map(({ name }) => name);
  const ways = pages().flatMap((page) =>
    (ON_THE_WAY as readonly string[]).includes(page.state) ? [] : page.ways.map(({ breakage }) => breakage),
  );
  expect(ways.filter((breakage) => !rows.includes(breakage))).toEqual([]);
  expect(new Set(ways).size).toBe(ways.length);
});

test('the index leads to every page', () => {
  const index = text('README.md');
  for (const { file, state } of pages()) expect(index).toContain(`[${state}](${file})`);
});

test('at least forty ways to break a copy, each with a name of its own', () => {
  expect(BREAKAGES.length).toBeGreaterThanOrEqual(40);
  expect(new Set(BREAKAGES.map(({ name }) => name)).size).toBe(BREAKAGES.length);
});

test('whatever a row of the table is told by has its page', () => {
  const codes = BREAKAGES.flatMap(({ causes }) => causes).filter((code) => !code.startsWith('CONNECT_'));
  expect([...new Set(codes)].filter((code) => STATE_OF_CODE[code] === undefined)).toEqual([]);
});
