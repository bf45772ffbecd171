import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { writePlanFile } from '../../../sql-runner/actions/plan-file';
import { assertPlanPlace } from '../../../sql-runner/actions/plan-place';
import { sourceContract } from '../support/contract';
import { untouched } from '../support/observations';

/** Whether a plan can be saved is found out before it is made. */
const contract = sourceContract();
const first = () => planApply(contract, untouched(contract));
let directory: string;
const within = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plan place '));
  await mkdir(within('folder'));
  await writeFile(within('note'), 'kept');
});
afterAll(() => rm(directory, { recursive: true }));

test.each([
  ['in no folder', 'nowhere/plan.json', 'its folder does not exist'],
  ['a folder', 'folder', 'it is a folder'],
  ['below a file', 'note/plan.json', 'a part of the path is no folder'],
  ['of a name that is too long', 'x'.repeat(300), 'ENAMETOOLONG'],
])('a file that cannot be written is refused: %s', async (_, name, reason) => {
  const out = within(name);
  const refused = {
    code: 'PLAN_FILE_UNWRITABLE',
    seen: expect.stringContaining(`${out} cannot be written: ${reason}`),
  };
  await expect(assertPlanPlace(out)).rejects.toMatchObject(refused);
  await expect(writePlanFile(out, first())).rejects.toMatchObject(refused);
});

test('and where it was found out too late: the disk is full', async () => {
  await assertPlanPlace('/dev/full');
  await expect(writePlanFile('/dev/full', first())).rejects.toMatchObject({
    code: 'PLAN_FILE_UNWRITABLE',
    seen: '/dev/full cannot be written: no space is left',
  });
});

test('to find that out leaves no trace', async () => {
  await symlink(within('not yet'), within('link'));
  for (const name of ['new', 'note', 'link']) await assertPlanPlace(within(name));
  expect(await readFile(within('note'), 'utf8')).toBe('kept');
  await expect(readFile(within('new'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readFile(within('not yet'))).rejects.toMatchObject({ code: 'ENOENT' });
});
