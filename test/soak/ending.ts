import { existsSync } from 'node:fs';
import { labProcesses } from '../../lab/processes';
import { eventually } from '../support/eventually';
import { compareRows } from '../e2e/support/row-comparison';
import { contradictions } from './beat-chain';
import { type Census, census, grown, retainedWal, type Warm, walWritten } from './census';
import { growthOf, type Sample } from './growth';
import type { Verdict } from './summary';
import type { SoakWorld } from './world';

/** A server writes and confirms little of its own accord; a slot that hangs keeps all that was written since, 5 MB a minute. */
const WAL_BOUND = 2 * 2 ** 20;
/** Of what it has seen it keeps a day in memory: a few hundred bytes a look. */
const HEAP_ROOM = 4 * 2 ** 20;
const WAL_PATIENCE_MS = 120_000;

export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

const verdict = (what: string, found: readonly string[], words: string): Verdict => ({
  what,
  good: found.length === 0,
  words: found.length === 0 ? words : found.join('; '),
});

/** Nobody writes any more and everything is healed: what must be so. */
export async function endChecks(world: SoakWorld, walBefore: number): Promise<Verdict[]> {
  const databases = world.streams.map(({ database }) => database);
  const inSync = await tried('in sync', () => world.caughtUp(databases).then(() => ok('all that was written')));
  // What has not arrived would be called a difference by each of the others.
  if (!inSync.good) return [inSync];
  return [
    inSync,
    await tried('every row is equal', () => equalRows(world, databases)),
    await tried('verify says so', () => world.run('verify').then(() => ok('exit code 0'))),
    await tried('nothing to do', () => nothingToDo(world)),
    await tried('beats', () => beatsAgree(world)),
    await tried('WAL kept', () => walIsGone(world, walBefore)),
    await tried('a row that is lost, and one that differs, would be found', () => plantedIsFound(world)),
  ];
}

const ok = (words: string): Omit<Verdict, 'what'> => ({ good: true, words });

async function tried(what: string, look: () => Promise<Omit<Verdict, 'what'>>): Promise<Verdict> {
  const found = await look().catch((error: unknown) => ({ good: false, words: String(error) }));
  return { what, good: found.good, words: found.words };
}

async function equalRows(world: SoakWorld, databases: readonly string[]): Promise<Omit<Verdict, 'what'>> {
  const { source, clone } = world.direct;
  const found: string[] = [];
  let rows = 0;
  for (const database of databases) {
    const compared = await compareRows(source, clone, database);
    rows += compared.rows;
    if (compared.tables === 0 || compared.rows === 0) found.push(`nothing of ${database} was compared`);
    found.push(...compared.differences.map((one) => `${one.table}: ${one.source} / ${one.clone}`));
  }
  return verdict('', found, `${rows} rows compared one by one`);
}

/** On the clone, which is of no use any more. */
async function plantedIsFound(world: SoakWorld): Promise<Omit<Verdict, 'what'>> {
  const planted = [
    ['shop', 'public.customers', `UPDATE customers SET name = name || ' ' WHERE id = (SELECT max(id) FROM customers)`],
    ['ledger', 'public.entries', `DELETE FROM entries WHERE ctid = (SELECT max(ctid) FROM entries)`],
  ] as const;
  const missed: string[] = [];
  for (const [database, table, sql] of planted) {
    await world.asOwner('clone', database, async (client) => {
      const { rowCount } = await client.query(sql);
      if (rowCount !== 1) missed.push(`nothing was planted in ${table}`);
    });
    const { differences } = await compareRows(world.direct.source, world.direct.clone, database);
    if (differences.length !== 1 || differences[0]!.table !== table) missed.push(`not found in ${table}`);
  }
  return verdict('', missed, 'both are found by the same comparison');
}

async function nothingToDo(world: SoakWorld): Promise<Omit<Verdict, 'what'>> {
  const { changes, findings } = await world.direct.plan();
  const found = [...changes.map(({ id }) => id), ...findings.map(({ code, seen }) => `${code}: ${seen}`)];
  return verdict('', found, 'plan has no change and no finding');
}

/** Serve has ended: nobody writes one between the two looks. */
async function beatsAgree(world: SoakWorld): Promise<Omit<Verdict, 'what'>> {
  const { beats, found } = await contradictions(world);
  return verdict('', found, `${beats} on the source, each follows on the one before, and the clone has the same`);
}

async function walIsGone(world: SoakWorld, before: number): Promise<Omit<Verdict, 'what'>> {
  let kept = new Map<string, number>();
  const isLittle = async (): Promise<boolean> => {
    await world.asAdmin('source', 'postgres', (client) => client.query('CHECKPOINT'));
    kept = await retainedWal(world);
    return [...kept.values()].every((bytes) => bytes < WAL_BOUND);
  };
  const good = await eventually(isLittle, WAL_PATIENCE_MS).catch(() => false);
  const written = (await walWritten(world)) - before;
  const words = [...kept].map(([slot, bytes]) => `${slot} ${megabytes(bytes)}`).join(', ');
  return { good, words: `${words}, of ${megabytes(written)} that were written` };
}

/** Nobody but serve looks. */
export async function growthChecks(
  world: SoakWorld,
  pid: number,
  memory: readonly Sample[],
  warmAt: number,
  before: Warm | null,
): Promise<Verdict[]> {
  const { grew, before: warm, after, bound } = growthOf(memory, warmAt);
  const words = `${megabytes(warm)} when warm, ${megabytes(after)} in the end, at most ${megabytes(bound)}`;
  const heap = await heapOf(world, pid, before);
  // Sessions of a run that has ended go away in their own time.
  let more = ['nothing was counted after the warm-up'];
  let now: Census = {};
  const same = async (): Promise<boolean> => {
    now = await census(world, pid);
    more = before === null ? more : grown(before.census, now);
    return more.length === 0;
  };
  await eventually(same, 30_000).catch(() => undefined);
  const counts = Object.entries(now).map(([what, count]) => `${what} ${count}`);
  return [
    { what: 'memory of serve', good: !grew && heap.good, words: `${words}; ${heap.words}` },
    verdict('nothing else grows', more, counts.join(', ')),
  ];
}

/** What it takes may be garbage that nobody had to clear away yet; what is left without that may not become more. */
async function heapOf(world: SoakWorld, pid: number, before: Warm | null): Promise<Omit<Verdict, 'what'>> {
  const after = await world.liveHeap(pid);
  if (before === null) return { good: false, words: 'its heap was not measured after the warm-up' };
  const words = `without garbage ${megabytes(before.heap)} when warm, ${megabytes(after)} in the end`;
  return { good: after <= before.heap + HEAP_ROOM, words: `${words}, at most ${megabytes(HEAP_ROOM)} more` };
}

/** The lab is down. */
export function leftoversOf(directory: string): Verdict {
  const processes = labProcesses(directory).map(({ pid, kind }) => `process ${pid} (${kind})`);
  const files = existsSync(directory) ? [directory] : [];
  return verdict('nothing is left behind', [...processes, ...files], 'no process and no file');
}
