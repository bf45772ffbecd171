import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { manPage } from '../../docs/generate/man';
import { EXIT_CODES } from '../../errors/exit-codes';
import { program } from '../../sql-runner/program';

const FILE = join(__dirname, '../..', packageJson.man);

test('the page that is installed has every command, every option and every exit code', () => {
  const page = readFileSync(FILE, 'utf8');
  const { commands } = program(() => undefined);
  for (const command of commands) expect(page).toContain(`\n.SS ${command.name().replaceAll('-', '\\-')}\n`);
  const flags = commands.flatMap(({ options }) => options.map((option) => option.flags.replaceAll('-', '\\-')));
  for (const flag of flags) expect(page).toContain(`\n\\fB${flag}\\fR\n`);
  for (const { code } of Object.values(EXIT_CODES)) expect(page).toContain(`\n\\fB${code}\\fR\n`);
});

const REQUESTS = ['TH', 'SH', 'SS', 'TP', 'PP', 'BR', 'br', 'nf', 'fi'];

test('of roff it uses what every reader of pages knows, and nothing by mistake', () => {
  const lines = manPage().trimEnd().split('\n');
  for (const line of lines.filter((one) => one.startsWith('.') && !one.startsWith('.\\"')))
    expect(REQUESTS).toContain(/^\.(\w+)/.exec(line)![1]);
  for (const line of lines.filter((one) => !one.startsWith('.'))) {
    expect(line).not.toMatch(/^'|^$/);
    // Escapes that are known, and each change of the font put back on its line.
    expect(line.replace(/\\f[BIR]|\\-|\\e|\\&|\\\(cq/g, '')).not.toContain('\\');
    expect((line.match(/\\f[BI]/g) ?? []).length).toBe((line.match(/\\fR/g) ?? []).length);
  }
});

test('a reader of pages shows it without a warning, where there is one', () => {
  const { status, stdout, stderr, error } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-rLL=80n', FILE], {
    encoding: 'utf8',
  });
  if (error !== undefined) {
    // Not on this machine: the test above has read it.
    expect(error).toMatchObject({ code: 'ENOENT' });
    return;
  }
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('sql-runner apply dev --allow-reboot');
});
