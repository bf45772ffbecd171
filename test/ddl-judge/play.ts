import type { Client } from 'pg';
import type { Random } from '../../lab/workload/random';
import { randomDml } from './dml';
import { randomKind } from './kinds/all';
import { Dice, type Claim, type Kind, type Made } from './kinds/kind';
import type { Pair } from './pair';
import { readScene, type Names } from './scene';
import { PLAIN, SHAPES, type Shape } from './shapes';

/** A statement of DDL, as it was sent. */
export interface Sent {
  readonly kind: string;
  readonly shape: string;
  readonly claim: Claim;
  readonly sql: string;
}

/** One transaction that was committed, or a statement outside of any. */
export interface Played {
  readonly ddl: readonly Sent[];
  /** Everything that was sent, in order: for a report. */
  readonly script: readonly string[];
  readonly mark: number;
}

/** What came of a try: the source may refuse it, and then nothing has happened. */
export interface Try {
  readonly tried: readonly Sent[];
  readonly played: Played | null;
  /** What the source said to what it refused. */
  readonly refused: string | null;
}

export interface Taste {
  /** Of a hundred statements, so many are such as may stop the stream. */
  readonly daring: number;
  /** Only these kinds and shapes, where it is given. */
  readonly only?: { readonly kinds: readonly Kind[]; readonly shapes: readonly Shape[] };
}

const RESTORE = `SET LOCAL ROLE NONE; SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY';
  SET LOCAL standard_conforming_strings = on`;

/** What the transactions of one seed share. */
export interface Course {
  readonly pair: Pair;
  readonly random: Random;
  readonly names: Names;
  readonly taste: Taste;
  /** The number of the next mark. */
  mark(): number;
  /** Ends what is open in the other session: what runs outside of a transaction waits for it. */
  endOther(): Promise<void>;
}

/** A transaction of rows and definitions, or a statement outside of one; a mark is committed with it or right behind it. */
export async function play(course: Course): Promise<Try> {
  const { pair, random, names, taste } = course;
  const shape = chooseShape(random, taste);
  const client = shape.superuser ? pair.superuser : pair.source;
  const script: string[] = [];
  const run = async (sql: string): Promise<void> => {
    script.push(sql);
    await client.query(sql);
  };
  const scene = await readScene(pair.source, pair.major);
  const first = choose(random, taste, new Dice(random, scene, names), shape);
  const dml = (): string | null => randomDml(random, scene);
  const single = first?.made.alone || shape.alone;
  try {
    if (first && single) {
      await course.endOther();
      await run(first.made.sql);
      const mark = course.mark();
      await run(`INSERT INTO judge.marks VALUES (${mark})`);
      return { tried: [first.sent], refused: null, played: { ddl: [first.sent], script, mark } };
    }
    return await inTransaction({ ...course, client, shape, run, dml, script }, first);
  } catch (error) {
    await client.query('ROLLBACK');
    return { tried: first ? [first.sent] : [], played: null, refused: `${String(error)} in: ${script.at(-1)}` };
  }
}

interface Choice {
  readonly made: Made;
  readonly sent: Sent;
}

interface Stage extends Omit<Course, 'endOther'> {
  readonly client: Client;
  readonly shape: Shape;
  readonly run: (sql: string) => Promise<void>;
  readonly dml: () => string | null;
  readonly script: readonly string[];
}

async function inTransaction(stage: Stage, first: Choice | null): Promise<Try> {
  const { client, random, shape, run, taste, names, pair } = stage;
  const ddl: Sent[] = [];
  await run('BEGIN');
  if (shape.superuser) await run('SET LOCAL session_replication_role = replica');
  await someRows(stage);
  const send = async ({ made, sent }: Choice, kept: boolean): Promise<void> => {
    if (made.first !== undefined) await run(made.first);
    for (const setting of made.settings ?? []) await run(`SET LOCAL ${setting}`);
    await run(made.sql);
    if (made.settings) await run(RESTORE);
    if (kept) ddl.push(sent);
  };
  if (first) {
    const back = shape.taken === 'back to a savepoint';
    if (back) await run('SAVEPOINT taken');
    await send(first, !shape.taken);
    await someRows(stage);
    if (back) await run('ROLLBACK TO SAVEPOINT taken');
  }
  for (let more = shape === PLAIN ? random.int(0, 3) : 0; more > 1; more -= 1) {
    const scene = await readScene(client, pair.major);
    const next = choose(random, taste, new Dice(random, scene, names), shape);
    if (next && !next.made.alone) await inSavepoint(run, () => send(next, true));
    await someRows({ ...stage, dml: () => randomDml(random, scene) });
  }
  const mark = stage.mark();
  await run(`INSERT INTO judge.marks VALUES (${mark})`);
  await run(shape.prepared ? `PREPARE TRANSACTION 'judge'` : shape.taken === 'back' ? 'ROLLBACK' : 'COMMIT');
  if (shape.prepared) await run(`${shape.taken ? 'ROLLBACK' : 'COMMIT'} PREPARED 'judge'`);
  const tried = ddl.length > 0 || !first ? ddl : [first.sent];
  const played = shape.taken === 'back' ? null : { ddl, script: stage.script, mark };
  return { tried, played, refused: null };
}

/** What fails here is taken back: the transaction goes on, as one of a careful program does. */
async function inSavepoint(run: (sql: string) => Promise<void>, work: () => Promise<void>): Promise<boolean> {
  await run('SAVEPOINT careful');
  try {
    await work();
    await run('RELEASE SAVEPOINT careful');
    return true;
  } catch {
    await run('ROLLBACK TO SAVEPOINT careful');
    return false;
  }
}

async function someRows({ random, run, dml }: Stage): Promise<void> {
  for (let at = random.int(0, 3); at > 0; at -= 1) {
    const sql = dml();
    if (sql !== null) await inSavepoint(run, () => run(sql));
  }
}

function chooseShape(random: Random, { daring, only }: Taste): Shape {
  if (only && only.shapes.length > 0) return random.pick(only.shapes);
  if (random.int(0, 99) < 55) return PLAIN;
  const claim = random.int(1, 100) <= daring ? 'stop' : 'follow';
  return random.pick(SHAPES.filter((shape) => shape.claim === claim));
}

function choose(random: Random, taste: Taste, dice: Dice, shape: Shape): Choice | null {
  for (let tries = 0; tries < 8; tries += 1) {
    const kinds = taste.only?.kinds ?? [];
    const kind = kinds.length > 0 ? random.pick(kinds) : randomKind(random, taste.daring);
    const made = kind.make(dice);
    if (made === null) continue;
    const plain: Made = typeof made === 'string' ? { sql: made } : made;
    if (plain.alone && shape !== PLAIN) continue;
    const sent = shape.send(plain, `INSERT INTO judge.once VALUES (${random.int(1, 1_000_000)})`, random);
    if (sent === null) continue;
    const claim: Claim = kind.claim === 'stop' || shape.claim === 'stop' || sent.mayStop ? 'stop' : 'follow';
    return { made: sent, sent: { kind: kind.name, shape: shape.name, claim, sql: sent.sql } };
  }
  return null;
}
