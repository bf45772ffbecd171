import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { readPlanFile, writePlanFile } from '../../../sql-runner/actions/plan-file';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { keepSecret } from '../../../sql-runner/explain/redaction';
import { sourceContract } from '../support/contract';
import { cloned, following, untouched } from '../support/observations';

let directory: string;
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'plan file '))));
afterAll(() => rm(directory, { recursive: true }));

const contract = sourceContract();
const first = () => planApply(contract, untouched(contract));
const connecting = () => planApply(contract, cloned(contract));
const renewing = () => planReset(contract, following(contract));
const last = () => planTeardown(contract, following(contract));

test.each([
  ['first', first],
  ['connecting', connecting],
  ['renewing', renewing],
  ['last', last],
])('the %s plan comes back as it was saved', async (name, make) => {
  const plan = make();
  const file = join(directory, `${name}.json`);
  await writePlanFile(file, plan);
  expect(await readPlanFile(file)).toEqual(JSON.parse(JSON.stringify(plan)));
  expect(JSON.stringify((await readPlanFile(file)).changes)).toBe(JSON.stringify(plan.changes));
});

test('one character changed is refused', async () => {
  const file = join(directory, 'changed.json');
  await writePlanFile(file, first());
  await writeFile(file, (await readFile(file, 'utf8')).replace('acas_demo_shop', 'acas_demo_shoq'));
  await expect(readPlanFile(file)).rejects.toMatchObject({
    code: 'PLAN_FILE_CHANGED',
    next: expect.stringContaining('sql-runner plan demo'),
  });
});

/** Every place in a document that holds a value of its own. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

const refusal = { code: expect.stringMatching(/^PLAN_FILE_(CHANGED|UNREADABLE)$/) };

test('any field that is changed, taken away or added is refused, and so is any byte', async () => {
  const file = join(directory, 'tampered.json');
  const plan = connecting();
  await writePlanFile(file, plan);
  const text = await readFile(file, 'utf8');
  const document = JSON.parse(text) as Record<string, unknown>;
  const paths = leaves(document);
  expect(paths.length).toBeGreaterThan(50);
  const refused = async (content: string) => {
    await writeFile(file, content);
    await expect(readPlanFile(file)).rejects.toMatchObject(refusal);
  };
  for (const path of paths) {
    const keys = path.slice(0, -1);
    const last = path.at(-1)!;
    for (const value of ['another value', undefined]) {
      const copy = JSON.parse(text) as Record<string, unknown>;
      const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
      parent[last] = value;
      await refused(JSON.stringify(copy));
    }
  }
  await refused(JSON.stringify({ ...document, plan: { ...(document.plan as object), more: 1 } }));
  const letters = [...text.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...letters), async (at) => {
      await refused(text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1));
    }),
    { numRuns: 200 },
  );
});

test('a plan whose checksum was made anew is compared, not executed: the reader gives back what it says', async () => {
  const file = join(directory, 'forged.json');
  const forged = { ...first(), changes: [{ ...first().changes[0]!, reason: 'forged' }] };
  await writePlanFile(file, forged);
  // Not to be told from one that was saved; apply refuses it because the plan of now is another one.
  expect((await readPlanFile(file)).changes[0]!.reason).toBe('forged');
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

test('and so is one that cannot be read', async () => {
  const tooLong = join(directory, 'x'.repeat(300));
  await expect(readPlanFile(tooLong)).rejects.toMatchObject({
    code: 'PLAN_FILE_UNREADABLE',
    seen: expect.stringContaining(`${tooLong} cannot be read: `),
  });
});

test('a plan that has a password in its text is not saved, and what was saved before is not touched', async () => {
  const file = join(directory, 'kept.json');
  await writePlanFile(file, first());
  const before = await readFile(file, 'utf8');
  keepSecret('acas_then_a_password');
  const named = { ...connecting(), changes: [{ ...connecting().changes[0]!, reason: 'role acas_then_a_password' }] };
  await expect(writePlanFile(file, named)).rejects.toMatchObject({
    code: 'PLAN_HOLDS_SECRET',
    seen: expect.stringContaining(file),
  });
  expect(await readFile(file, 'utf8')).toBe(before);
});

test('nothing in the file is a secret', async () => {
  for (const [index, plan] of [first(), connecting(), last()].entries()) {
    await writePlanFile(join(directory, `${index}.json`), plan);
    expect(await readFile(join(directory, `${index}.json`), 'utf8')).not.toMatch(/password\s*=|SCRAM-SHA-256\$/);
  }
});
