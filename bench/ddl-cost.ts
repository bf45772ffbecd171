import { logStatements } from '../sql-runner/resources/ddl/log-table';
import { recorderStatements, triggerStatements } from '../sql-runner/resources/ddl/recorder';
import { startTestCluster } from '../test/support/postgres';

/**
 * What it costs production that DDL is written down: the same statements with the event triggers and without, in turns, so
 * that a busy machine weighs on both alike. The median of each kind, in milliseconds.
 */
const ROUNDS = 200;
const SCHEMA = 'acas_bench_ddl';
const STATEMENTS = [
  'CREATE TABLE bench (id int PRIMARY KEY, note text)',
  'ALTER TABLE bench ADD COLUMN size int DEFAULT 3',
  'CREATE INDEX bench_note ON bench (note)',
  'DROP TABLE bench',
  'CREATE TEMP TABLE bench_temp (id int)',
  'DROP TABLE bench_temp',
  'SELECT count(*) FROM pg_class',
];

async function main(): Promise<void> {
  const test = await startTestCluster({ databases: ['shop'], parameters: { fsync: 'off' } });
  try {
    const admin = await test.cluster.adminClient('shop');
    await admin.query('BEGIN');
    for (const { text } of [
      ...logStatements(SCHEMA, 'bench'),
      ...recorderStatements(SCHEMA),
      ...triggerStatements(SCHEMA, 'bench'),
    ])
      await admin.query(text);
    await admin.query('COMMIT');
    const triggers = triggerStatements(SCHEMA, 'bench').flatMap(
      ({ text }) => /^ALTER EVENT TRIGGER "[^"]+"/.exec(text) ?? [],
    );
    const times = { on: STATEMENTS.map((): number[] => []), off: STATEMENTS.map((): number[] => []) };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const mode of ['on', 'off'] as const) {
        for (const alter of triggers) await admin.query(`${alter} ${mode === 'on' ? 'ENABLE ALWAYS' : 'DISABLE'}`);
        for (const [index, text] of STATEMENTS.entries()) {
          const began = performance.now();
          await admin.query(text);
          times[mode][index]!.push(performance.now() - began);
        }
      }
    for (const [index, text] of STATEMENTS.entries()) {
      const [on, off] = [median(times.on[index]!), median(times.off[index]!)];
      process.stdout.write(`${off.toFixed(2).padStart(7)} ms without  ${on.toFixed(2).padStart(7)} ms with  ${text}\n`);
    }
    await admin.end();
  } finally {
    await test.stop();
  }
}

const median = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

void main();
