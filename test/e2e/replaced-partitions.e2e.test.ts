import { isFollowing } from '../../sql-runner/actions/status';
import { carryOut, printedRun, sqlIn } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { quietIn, saysEqual } from './support/continuity-said';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf, looksOf } from './support/looks';
import { NewTableWorld } from './support/new-table-world';

/**
 * A partition that was taken out of its table on the source and renamed, and another one made under its name: the clone's
 * table of that name is the old one. Dropping it heals, and is what all commands say; no new clone is needed.
 */
const stage = stagesInOrder();
let world: NewTableWorld;

const replacing = (
  more: string,
) => `BEGIN; LOCK t; ALTER TABLE t DETACH PARTITION t_7; ALTER TABLE t_7 RENAME TO t_7_old;
  ALTER INDEX t_7_pkey RENAME TO t_7_old_pkey; CREATE TABLE t_7 PARTITION OF t FOR VALUES IN (7); ${more} COMMIT`;

beforeAll(async () => {
  world = await NewTableWorld.start(
    'replaced-partitions',
    'CREATE TABLE t (id bigint, writer integer NOT NULL, note text, PRIMARY KEY (id, writer)) PARTITION BY LIST (writer)',
    'CREATE TABLE t_7 PARTITION OF t FOR VALUES IN (7)',
    `INSERT INTO t SELECT g, 7, 'first' FROM generate_series(1, 60) g`,
  );
});
afterAll(() => world?.lab.lab.down());

stage('one that is empty at first is told by plan, doctor and status alike, and what they print heals it', async () => {
  await world.onSource(replacing(''), `INSERT INTO t VALUES (1000, 7, 'of the second one')`);
  const { finding, codes, status } = await told();
  expect(isFollowing(status)).toBe(false);
  expect(await saysEqual(world.lab)).toBe(false);
  expect(codes).not.toContain('TABLE_SWAPPED');
  const clone = await world.lab.clone('shop');
  await carryOut(finding, clone, 'NEW_TABLE_NOT_ADDED');
  await clone.end();
  await world.lab.follow(printedRun(finding, 'NEW_TABLE_NOT_ADDED'));
  expect(await world.same('t', 't_7', 't_7_old')).toBe(62);
  await quietIn(world.lab);
  await world.drop('t_7_old');
});

stage('one that was given the rows of the old one stops the stream, of which the way out is the same', async () => {
  await world.onSource(replacing('INSERT INTO t SELECT * FROM t_7_old;'), 'UPDATE t SET id = 2000 WHERE id = 1000');
  const failing = await eventually(async () => {
    const { results } = await diagnosisOf(world.lab);
    const found = results.flatMap(({ findings }) => findings);
    // The log may have the row that stands in its way a moment later.
    return found.find(({ code, seen }) => code === 'APPLY_WORKER_FAILING' && seen.includes('t_7_pkey'));
  });
  const { finding, codes, next } = await told();
  expect(codes).not.toContain('TABLE_SWAPPED');
  expect([failing.next, ...next].filter((words) => /delete nothing|sql-runner skip/.test(words))).toEqual([]);
  expect(sqlIn(failing.next)).toBe(sqlIn(finding.next));
  const clone = await world.lab.clone('shop');
  await carryOut(failing, clone, 'APPLY_WORKER_FAILING');
  await clone.end();
  await world.lab.follow(printedRun(failing, 'APPLY_WORKER_FAILING'));
  expect(await world.same('t', 't_7', 't_7_old')).toBe(3);
  await quietIn(world.lab);
});

/** What is said of it by all three, in the same words. */
async function told() {
  const { plan, diagnosis, status } = await looksOf(world.lab);
  const [{ problems, next }] = status.streams as [(typeof status.streams)[0]];
  const said = [plan.findings, diagnosis.results.flatMap(({ findings }) => findings), problems];
  const own = said.map((all) => all.filter(({ code }) => code === 'NEW_TABLE_NOT_ADDED').map((one) => one.next));
  expect(own).toEqual([[next], [next], [next]]);
  expect(next).toContain('the rows that the source has in public.t_7_old now');
  const finding = plan.findings.find(({ code }) => code === 'NEW_TABLE_NOT_ADDED')!;
  return { finding, status, codes: said.flat().map(({ code }) => code), next: said.flat().map((one) => one.next) };
}
