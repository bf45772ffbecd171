import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../iam/program';
import { allows } from './allows';
import type { PolicyDocument } from '../../iam/policy/grant';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'policies '))));
afterEach(() => rmSync(folder, { recursive: true }));

function written(...options: string[]): string {
  const lines: string[] = [];
  program((text) => lines.push(text)).parse(['example', '--out', folder, ...options], { from: 'user' });
  return lines.join('\n');
}

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as PolicyDocument;

test('the policies are written and listed by role; those of a former run go, other files stay', () => {
  writeFileSync(join(folder, 'terraform-target-7.json'), '{}');
  writeFileSync(join(folder, 'notes.json'), '{}');
  const printed = written();
  expect(existsSync(join(folder, 'terraform-target-7.json'))).toBe(false);
  const files = readdirSync(folder).filter((name) => name !== 'notes.json');
  expect(readdirSync(folder)).toContain('notes.json');
  expect(printed.match(/\S+\.json/g)?.sort()).toEqual(files.sort());
  expect(printed).toMatch(/role\/aurora-sync-runner\n {2}sql-runner-all-source\.json +\d+\n/);
  expect(printed).toMatch(/role\/terraform-state\n {2}state-source\.json/);
  expect(printed).toMatch(/For roles that do less\n(.|\n)*sql-runner-status-watch-target\.json/);
  expect(printed.split('\n').filter((line) => line !== folder && line.length > 80)).toEqual([]);
});

test('instances of production may be called otherwise', () => {
  const may = (instance: string) =>
    allows([read('sql-runner-apply-source.json')], {
      action: 'rds:RebootDBInstance',
      resource: `arn:aws:rds:eu-central-1:123456789012:db:${instance}`,
    });
  written();
  expect([may('shop-production-2'), may('writer-blue')]).toEqual([true, false]);
  written('--instances', 'writer-*', 'reader-1');
  expect(['shop-production-2', 'writer-blue', 'reader-1', 'reader-2'].map(may)).toEqual([false, true, true, false]);
});
