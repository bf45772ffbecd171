import { Comparison } from './compare';
import { corpus } from './corpus';
import { postgresMajor } from '../support/postgres-major';

/** One of each verdict, and two that were called safe once; all of them: npm run test:ddl-corpus. */
const SAMPLE = [
  ["ALTER TABLE customers ALTER COLUMN name SET DEFAULT 'nobody'", 'safe'],
  ['ALTER TABLE customers ADD COLUMN phone text', 'needs-order'],
  ['ALTER TABLE orders DROP CONSTRAINT orders_pkey', 'breaks'],
  // Rows that are updated are sent whole: written to, they hide what differed in them.
  ['ALTER TABLE orders ALTER COLUMN note TYPE text USING upper(note)', 'breaks'],
  // The clone refuses what is longer, which has to be tried.
  ['ALTER TABLE customers ALTER COLUMN email TYPE varchar(400)', 'needs-order'],
  // Before 15 the worker asks for no rights.
  ['ALTER TABLE codes OWNER TO shop_owner', postgresMajor() >= 15 ? 'needs-order' : 'safe'],
] as const;

let comparison: Comparison;
beforeAll(async () => {
  comparison = await Comparison.start(postgresMajor());
}, 120_000);
afterAll(() => comparison.stop());

test.each(SAMPLE)(
  '%s is %s, and a judge with servers of its own finds it so',
  async (sql, said) => {
    const unit = (await corpus()).find(({ statements: [one] }) => one?.text === sql);
    expect(await comparison.compare(unit!)).toMatchObject({ said, truth: said, wrong: null });
  },
  120_000,
);

test('the corpus has 300 pieces, and 40 kinds of statement', async () => {
  const units = await corpus();
  const kinds = new Set(units.flatMap(({ statements }) => statements.map(({ node }) => node)));
  expect(units.length).toBeGreaterThanOrEqual(300);
  expect(kinds.size).toBeGreaterThanOrEqual(40);
});
