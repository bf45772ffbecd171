import { NotEqual } from '../random/comparison';
import { runSeed, type SeededClone } from '../random/seed-run';
import { openWorkshop, type Workshop } from '../random/workshop';

/** A sample of what `npm run test:random` does with any number of seeds. */
let workshop: Workshop;

beforeAll(async () => {
  workshop = await openWorkshop();
});

afterAll(() => workshop?.close());

test('a random workload over hostile names arrives row by row, through clone, open prepared transactions and DDL', async () => {
  const result = await runSeed(workshop, 1);
  expect(result).toMatchObject({ seed: 1, tables: 16 });
  expect(result.inherited).toBeGreaterThanOrEqual(4);
  expect(result.rows).toBeGreaterThan(0);
  expect(result.transactions).toBeGreaterThan(100);
  const { inserted, updated, deleted, streamed, spilled } = result.activity;
  expect(Math.min(inserted, updated, deleted)).toBeGreaterThan(50);
  expect(streamed + spilled).toBeGreaterThan(0);
}, 180_000);

test('both judges see a single row that the clone lacks', async () => {
  let lacking = '';
  const lose = async ({ accounts, databases, clone }: SeededClone): Promise<void> => {
    const [database] = databases;
    const admin = await accounts.connect(clone, database!.name, true);
    await admin.query('SET session_replication_role = replica');
    for (const { name, partitions } of database!.tables) {
      if (partitions.length > 0) continue;
      const lost = await admin.query(`DELETE FROM ${name} WHERE ctid = (SELECT min(ctid) FROM ${name})`);
      if (lost.rowCount === 1) {
        lacking = name;
        break;
      }
    }
    await admin.end();
  };
  const failure: unknown = await runSeed(workshop, 2, lose).catch((error: unknown) => error);
  expect(lacking).not.toBe('');
  expect(failure).toBeInstanceOf(NotEqual);
  const { differences, verdicts } = failure as NotEqual;
  expect(differences).toEqual([{ table: lacking, lost: [expect.any(String)], surplus: [] }]);
  expect(verdicts).toEqual([expect.objectContaining({ status: 'different' })]);
}, 180_000);
