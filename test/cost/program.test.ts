import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costDocument } from '../../cost/document';
import { program } from '../../cost/program';
import type { OperatorError } from '../../errors/operator-error';
import { editedText, type Edit } from '../environments/edited-environment';

const PROJECT = join(__dirname, '..', '..');
const VIRGINIA: Edit = ['region: eu-west-1', 'region: us-east-1'];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'environments-'));
  writeFileSync(join(directory, 'demo.yaml'), editedText(VIRGINIA));
  process.env['ENVIRONMENTS_DIR'] = directory;
});
afterAll(() => {
  delete process.env['ENVIRONMENTS_DIR'];
  rmSync(directory, { recursive: true });
});

async function printed(...args: string[]): Promise<string> {
  let text = '';
  const cli = program((chunk) => (text += chunk));
  await cli
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parseAsync(args, { from: 'user' });
  return text;
}

async function refused(...args: string[]): Promise<OperatorError> {
  const error: unknown = await printed(...args).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error as OperatorError;
}

test('the text has each amount, the total with what it leaves out, and fits a terminal', async () => {
  const text = await printed('demo', '--storage-gb', '500');
  expect(text).toMatch(/^ {4}hours of db\.r6g\.large +189\.80$/m);
  expect(text).toMatch(/^ {4}storage, Standard, none to 500 GB +0\.00 to 50\.00$/m);
  expect(text).toMatch(/^ {4}secret of the clone's master user +0\.40$/m);
  expect(text).toContain('At least 190.60 to 240.60 a month, without 4 parts whose cost is unknown.');
  const flowing = text.replaceAll(/\n +/g, ' ');
  expect(flowing).toContain('--io-millions states how much: aws_rds_cluster: I/O requests');
  expect(flowing).toContain('without tax, free tiers, reserved instances and discounts');
  expect(flowing).toContain('as of 2026-03-18 (read in a public copy)');
  const wide = text.split('\n').filter((line) => line.length > 80 && !line.includes('https://'));
  expect(wide).toEqual([]);
});

test('the JSON keeps to its schema, and its total is the sum of its lines', async () => {
  const document = costDocument.parse(JSON.parse(await printed('demo', '--storage-gb', '500', '--json')));
  const cents = (amount: number | null) => Math.round((amount ?? 0) * 100);
  for (const end of ['from', 'to'] as const)
    expect(document.lines.reduce((sum, line) => sum + cents(line[end]), 0)).toBe(cents(document.total[end]));
  expect(document.total).toMatchObject({ from: 190.6, to: 240.6, complete: false });
  expect(document.stated).toEqual({ 'storage-gb': 500 });
  for (const { status, from, to, look } of document.lines) {
    expect([from === null, to === null]).toEqual(Array(2).fill(status === 'unknown'));
    if (status !== 'priced') expect(look).toMatch(/^https:/);
  }
});

test('where nothing has a price there is no total, and no 0 that looks like one', async () => {
  writeFileSync(join(directory, 'demo.yaml'), editedText(['region: eu-west-1', 'region: eu-central-1']));
  try {
    const [text, json] = [await printed('demo'), await printed('demo', '--json')];
    expect(text).toContain('No total: 8 parts of it cost what is unknown, and nothing else has a price.');
    expect(text).not.toContain('0.00');
    expect(costDocument.parse(JSON.parse(json)).total).toMatchObject({ from: null, to: null, complete: false });
    expect(await printed('demo', '--markdown')).toContain('| **none** |');
  } finally {
    writeFileSync(join(directory, 'demo.yaml'), editedText(VIRGINIA));
  }
});

test('the Markdown is one table with the same total', async () => {
  const text = await printed('demo', '--storage-gb', '500', '--markdown');
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.every((row) => row.split(/(?<!\\)\|/).length === 6)).toBe(true);
  expect(rows).toContain('| demo-target | `aws_rds_cluster_instance` | hours of db.r6g.large | 189.80 |');
  expect(rows.at(-1)).toContain('**190.60 to 240.60**');
  expect(text).toContain('**At least 190.60 to 240.60 a month, without 4 parts whose cost is unknown.**');
});

test.each(['-1', '500GB', '1e3', '', 'NaN', '1000001', '0x10', '1,000'])(
  '--storage-gb "%s" is refused',
  async (text) => {
    expect(await refused('demo', `--storage-gb=${text}`)).toMatchObject({ code: 'COST_AMOUNT_INVALID' });
  },
);

test('an environment that there is not, and a Region without a table, are refused', async () => {
  expect(await refused('demmo')).toMatchObject({ code: 'ENVIRONMENT_UNKNOWN', next: 'Did you mean "demo"?' });
  writeFileSync(join(directory, 'demo.yaml'), editedText(['region: eu-west-1', 'region: ap-south-2']));
  try {
    expect(await refused('demo')).toMatchObject({ code: 'PRICES_MISSING' });
  } finally {
    writeFileSync(join(directory, 'demo.yaml'), editedText(VIRGINIA));
  }
});

test('--json and --markdown do not go together', async () => {
  expect(await refused('demo', '--json', '--markdown')).toMatchObject({ code: 'commander.conflictingOption' });
});

test('as a process: 0 and the document, or 1 and an error, on stdout too with --json', () => {
  const run = (...args: string[]) =>
    spawnSync('npm', ['run', '-s', 'cost', '--', ...args], { cwd: PROJECT, encoding: 'utf8' });
  const document = execFileSync('npm', ['run', '-s', 'cost', '--', 'demo', '--json'], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  expect(costDocument.parse(JSON.parse(document)).environment).toBe('demo');
  const wrong = run('demo', '--storage-gb', 'much', '--json');
  expect([wrong.status, (JSON.parse(wrong.stdout) as { code: string }).code]).toEqual([1, 'COST_AMOUNT_INVALID']);
  expect(wrong.stderr).toContain('Error COST_AMOUNT_INVALID\n  --storage-gb is "much".');
  expect(run('demo', '--storage').status).toBe(1);
});
