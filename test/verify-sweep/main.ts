import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installOtherMajors } from '../matrix/install';
import { wantedMajors } from '../matrix/suite';
import { sweep, type SweepResult } from './sweep';

/**
 * Holds verify against a judge that shares nothing with it, on every major.
 *
 *   npm run test:verify                         13 to 18, faults of a random seed
 *   npm run test:verify -- 13 17 --seed 7       these majors, the faults of this seed again
 *   npm run test:verify -- --scale 0.1          a tenth of the faults and runs
 *
 * Exit code 1 when a fault was overlooked or an alarm was false.
 */
const FULL = { faults: { exchange: 500, rotation: 250, move: 250, bit: 200, missing: 50, extra: 50 }, cleanRuns: 50 };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
      scale: { type: 'string', default: '1' },
      child: { type: 'boolean', default: false },
    },
  });
  const [seed, scale] = [Number(values.seed), Number(values.scale)];
  if (!Number.isInteger(seed) || !(scale > 0)) throw new Error('--seed takes a whole number, --scale one above 0');
  const majors = wantedMajors(positionals);
  if (values.child) return one(majors[0]!, seed, scale);
  installOtherMajors();
  // The version is a setting of the process: each has its own.
  const failed = majors.filter((major) => !inChild(major, seed, scale));
  console.log(
    failed.length === 0
      ? `verify: every fault found and no false alarm on PostgreSQL ${majors.join(', ')}; seed ${seed}`
      : `verify: FAILED on PostgreSQL ${failed.join(', ')}; again with --seed ${seed}`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function inChild(major: number, seed: number, scale: number): boolean {
  const tsx = join(__dirname, '..', '..', 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const args = [tsx, __filename, '--child', '--seed', String(seed), '--scale', String(scale), String(major)];
  const env = { ...process.env, TEST_POSTGRES_MAJOR: String(major) };
  return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status === 0;
}

async function one(major: number, seed: number, scale: number): Promise<void> {
  const started = Date.now();
  const faults = Object.fromEntries(
    Object.entries(FULL.faults).map(([kind, count]) => [kind, Math.ceil(count * scale)]),
  ) as typeof FULL.faults;
  const cleanRuns = Math.ceil(FULL.cleanRuns * scale);
  const result = await sweep({ seed, tables: 24, width: 30, faults, cleanRuns });
  result.wrong.forEach((line) => console.log(`  ${line}`));
  console.log(`PostgreSQL ${major}: ${summary(result)}; ${Math.round((Date.now() - started) / 1000)} s`);
  process.exitCode = result.wrong.length === 0 ? 0 : 1;
}

function summary({ planted, cleanRuns, writes, wrong }: SweepResult): string {
  const counts = Object.entries(planted).map(([kind, count]) => `${kind} ${count}`);
  return `${wrong.length === 0 ? 'ok' : `${wrong.length} WRONG`}; planted ${counts.join(', ')}; ${cleanRuns} runs without a fault; ${writes} statements of writers`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
