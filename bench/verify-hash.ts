import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { readShape } from '../sql-runner/verify/table-shape';
import { rowHashSql } from '../sql-runner/verify/row-hash';
import { openSession, targetOf } from '../test/sql-runner/postgres/sessions';
import { startTestCluster } from '../test/support/postgres';
import { postgresMajor } from '../test/support/postgres-major';

/**
 * What verify's hash of a row costs, as a multiple of reading the row and of
 * the linear hash that it must not be (see sql-runner/verify/row-hash.ts).
 *
 *   npm run bench:verify              500,000 rows of 15 mixed columns
 *   npm run bench:verify -- 5000000   so many rows
 */
const ROW = `g AS a, (g % 1000)::int4 AS b, g % 2 = 0 AS c, 'name ' || g AS d, repeat(md5(g::text), 3) AS e,
  (g * 1.01)::numeric(12, 2) AS f, timestamptz '2024-01-01' + g * interval '1 s' AS h, timestamp '2024-01-01' + g * interval '1 s' AS i,
  md5(g::text)::uuid AS j, jsonb_build_object('a', g, 'b', 'x') AS k, g / 7.0::float8 AS l, date '2000-01-01' + (g % 5000)::int AS m,
  CASE WHEN g % 3 = 0 THEN 'note' END AS n, ARRAY[g, g + 1] AS o, decode(md5(g::text), 'hex') AS p`;

/** Binary forms, each column under one seed, added up as powers of 31. */
const LINEAR = `hash_record_extended(ROW(int8send(a), b, c, d COLLATE "C", e COLLATE "C", numeric_send(f), timestamptz_send(h),
  timestamp_send(i), j, jsonb_send(k), float8send(l), m, n COLLATE "C", array_send(o), p), 77)`;

const ROUNDS = 5;

async function main(): Promise<void> {
  const rows = Number(process.argv[2] ?? 500_000);
  if (!Number.isInteger(rows) || rows < 1) throw new Error('How many rows? A whole number.');
  const test = await startTestCluster();
  try {
    const client = await test.connect('shop');
    await client.query(`CREATE TABLE public.t AS SELECT ${ROW} FROM generate_series(1, ${rows}::int8) g`);
    await client.query('ANALYZE public.t; SET max_parallel_workers_per_gather = 0');
    const session = await openSession(targetOf(test, 'shop'));
    const shape = await readShape(session, { schema: 'public', name: 't' }).finally(() => session.close());
    const forms = {
      read: 'a',
      hash: rowHashSql(shape!.columns, 77n),
      ...(postgresMajor() >= 14 ? { linear: LINEAR } : {}),
    };
    const best = await bestOf(client, forms);
    for (const [name, ms] of Object.entries(best))
      console.log(`${name.padEnd(7)} ${((ms / rows) * 1_000).toFixed(2)} µs a row`);
    if (best.linear !== undefined) console.log(`hash / linear = ${(best.hash! / best.linear).toFixed(2)}`);
  } finally {
    await test.stop();
  }
}

/** In turn, and as time of the backend on a processor, so that a busy machine does not matter much. Milliseconds. */
async function bestOf(client: Client, forms: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const best: Record<string, number> = {};
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, form] of Object.entries(forms)) {
      const started = onProcessor(rows[0]!.pid);
      await client.query(`SELECT sum(h) FROM (SELECT ${form} AS h FROM public.t t OFFSET 0) s`);
      best[name] = Math.min(best[name] ?? Infinity, onProcessor(rows[0]!.pid) - started);
    }
  }
  return best;
}

/** Milliseconds; Linux counts them in nanoseconds (Documentation/scheduler/sched-stats). */
const onProcessor = (pid: number): number => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
