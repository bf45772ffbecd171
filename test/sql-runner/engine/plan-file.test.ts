import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planApply } from '../../../sql-runner/engine/plan-apply';
import { readPlanFile, writePlanFile } from '../../../sql-runner/engine/plan-file';
import { planTeardown } from '../../../sql-runner/engine/plan-teardown';
import { sourceContract } from '../support/contract';
import { cloned, following, untouched } from '../support/observations';

let directory: string;
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'plan file '))));
afterAll(() => rm(directory, { recursive: true }));

const contract = sourceContract();
const plans = [
  planApply(contract, untouched(contract)),
  planApply(contract, cloned(contract)),
  planTeardown(contract, following(contract)),
];

test.each(plans.map((plan, index) => [index, plan] as const))(
  'plan %i comes back as it was saved',
  async (index, plan) => {
    const file = join(directory, `${index}.json`);
    await writePlanFile(file, plan);
    expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(plan)));
    expect(JSON.stringify((await readPlanFile(file)).changes)).toBe(JSON.stringify(plan.changes));
  },
);

test('one character changed is refused', async () => {
  const file = join(directory, 'changed.json');
  await writePlanFile(file, plans[0]!);
  await writeFile(file, (await readFile(file, 'utf8')).replace('acas_demo_shop', 'acas_demo_shoq'));
  await expect(readPlanFile(file)).rejects.toMatchObject({
    code: 'PLAN_FILE_CHANGED',
    next: expect.stringContaining('sql-runner plan demo'),
  });
});

test.each([
  ['empty', ''],
  ['no JSON', 'plan: demo'],
  ['another document', '{"version":1}'],
  [
    'another version',
    '{"version":2,"checksum":"x","plan":{"environment":"demo","mode":"apply","fingerprint":"x","changes":[]}}',
  ],
])('a file that is %s is refused', async (name, content) => {
  const file = join(directory, `${name}.json`);
  await writeFile(file, content);
  await expect(readPlanFile(file)).rejects.toMatchObject({
    code: 'PLAN_FILE_UNREADABLE',
    seen: expect.stringContaining(file),
  });
});

test('nothing in the file is a secret', async () => {
  for (const [index, plan] of plans.entries()) {
    await writePlanFile(join(directory, `${index}.json`), plan);
    expect(await readFile(join(directory, `${index}.json`), 'utf8')).not.toMatch(/password\s*=|SCRAM-SHA-256\$/);
  }
});
