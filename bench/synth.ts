import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';

const PROJECT = join(__dirname, '..');
const ROUNDS = 7;
/** Times as long as the same with one resource. */
const LIMIT = 1.3;

/**
 * How long a synth of all environments takes, as a multiple of one that loads the same classes of the provider and writes
 * one resource. In pairs, one after the other, of which the best counts. Exit code 1 where the limit is missed.
 *
 *   npm run bench:synth
 */
function main(): void {
  const directory = mkdtempSync(join(tmpdir(), 'bench synth '));
  const one = [process.execPath, '--require', 'tsx/cjs', 'bench/one-resource.ts'];
  const cdktf = (command: string) => [
    join(PROJECT, 'node_modules', '.bin', 'cdktf'),
    ...['synth', '--output', directory, '--app', command],
  ];
  const check = [process.execPath, 'environments/check.js'];
  try {
    const rows = [
      compared('the app: node alone', directory, [[process.execPath, 'stacks/synth.js']], [one]),
      compared(
        'npm run synth: with the check of all files, and cdktf',
        directory,
        [check, cdktf('node stacks/synth.js')],
        [cdktf('node --require tsx/cjs bench/one-resource.ts')],
      ),
    ];
    const table = new Table({
      head: ['', 's', 'one resource, s', 'times', 'limit', ''],
      style: { head: [], border: [] },
    });
    table.push(...rows.map(({ cells }) => cells));
    console.log(table.toString());
    if (rows.some(({ missed }) => missed)) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

type Commands = readonly (readonly string[])[];

function compared(what: string, directory: string, own: Commands, least: Commands) {
  let [ours, one] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours = Math.min(ours, seconds(own, directory));
    one = Math.min(one, seconds(least, directory));
  }
  const missed = ours / one > LIMIT;
  const times = (ours / one).toFixed(2);
  return { missed, cells: [what, ours.toFixed(2), one.toFixed(2), times, String(LIMIT), missed ? 'MISSED' : 'kept'] };
}

function seconds(commands: Commands, directory: string): number {
  const env = { ...process.env, CDKTF_OUTDIR: directory, CHECKPOINT_DISABLE: '1' };
  const began = performance.now();
  for (const [command, ...args] of commands)
    execFileSync(command!, args, { cwd: PROJECT, env, stdio: ['ignore', 'ignore', 'pipe'] });
  return (performance.now() - began) / 1000;
}

main();
