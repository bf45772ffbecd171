import { NotEqual } from '../random/comparison';
import { runSeed, type SeededClone, type SeedResult } from '../random/seed-run';
import { openWorkshop, type Workshop } from '../random/workshop';

/** A sample of what `npm run test:random` does with any number of seeds. */
let workshop: Workshop | undefined;
let result: SeedResult;
/** The table whose row was taken from the clone, once both sides were equal, and what the judges said then. */
let lacking = '';
let failure: unknown;

beforeAll(async () => {
  workshop = await openWorkshop();
  result = await runSeed(workshop, 1, async (clone) => {
    lacking = await loseRow(clone);
    failure = await clone.compareAgain().catch((error: unknown) => error);
  });
});

afterAll(() => workshop?.close());

/** @returns the table that now has one row less on the clone */
async function loseRow({ accounts, databases, clone }: SeededClone): Promise<string> {
  const [database] = databases;
  const admin = await accounts.connect(clone, database!.name, true);
  await admin.query('SET session_replication_role = replica');
  try {
    for (const { name, partitions } of database!.tables) {
      if (partitions.length > 0) continue;
      const lost = await admin.query(`DELETE FROM ${name} WHERE ctid = (SELECT min(ctid) FROM ${name})`);
      if (lost.rowCount === 1) return name;
    }
    throw new Error('Every table is empty.');
  } finally {
    await admin.end();
  }
}

test('a random workload over hostile names arrives row by row, through clone, open prepared transactions and DDL', () => {
  expect(result).toMatchObject({ seed: 1, tables: 16 });
  // Two in each database, which the product had to end on the clone.
  expect(result.inherited).toBeGreaterThanOrEqual(4);
  expect(result.rows).toBeGreaterThan(0);
  expect(result.transactions).toBeGreaterThan(100);
  const { inserted, updated, deleted, streamed, spilled } = result.activity;
  expect(Math.min(inserted, updated, deleted)).toBeGreaterThan(50);
  expect(streamed + spilled).toBeGreaterThan(0);
});

test('it counts what reached the clone by replication', () => {
  expect(result.counts).toMatchObject({
    'prepared across the clone by another role': 2,
    'open across the clone, then committed': 2,
    'savepoint released': expect.any(Number),
    'savepoint rolled back': expect.any(Number),
    'replica identity primary key: UPDATE': expect.any(Number),
    'DDL beside the replicated tables': expect.any(Number),
  });
});

test('both judges see a single row that the clone lacks', () => {
  expect(lacking).not.toBe('');
  expect(failure).toBeInstanceOf(NotEqual);
  const { differences, verdicts } = failure as NotEqual;
  expect(differences).toEqual([{ table: lacking, lost: [expect.any(String)], surplus: [] }]);
  expect(verdicts).toEqual([expect.objectContaining({ status: 'different' })]);
});
