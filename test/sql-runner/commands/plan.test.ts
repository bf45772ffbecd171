import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlanFile } from '../../../sql-runner/actions/plan-file';
import { plan, type InsteadOfApply } from '../../../sql-runner/commands/plan';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'sql runner plan '))));
afterEach(() => rm(directory, { recursive: true }));

test.each<[string, InsteadOfApply]>([
  ['apply', {}],
  ['teardown', { teardown: true }],
  ['reset', { reset: true }],
  ['hold', { hold: true }],
  ['release', { releaseSlots: true }],
  ['resume', { resume: true }],
  ['rotate', { rotate: true }],
  ['sequences', { sequences: true }],
  ['refresh', { refresh: true }],
  ['large-objects', { largeObjects: true }],
])('what %s would do is planned and saved as that, and nothing is done', async (mode, instead) => {
  const world = newWorld(following);
  const outputs = await Promise.all(
    Object.entries(world.contracts).map(async ([side, contract]) => {
      const file = join(directory, `${side}.json`);
      await writeFile(file, JSON.stringify(contract));
      return file;
    }),
  );
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const log = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const out = join(directory, 'saved.plan.json');
  const options = { stacksDir: directory, outputs, json: false, color: false, detailedExitcode: false, out };
  try {
    await inWorld(world, () => plan('demo', { ...options, ...instead }));
  } finally {
    [write, log].forEach((spy) => spy.mockRestore());
  }
  const saved = await readPlanFile(out);
  expect(saved.mode).toBe(mode);
  expect(
    world.log.filter((line) =>
      /^\w+ \w+: (?:ALTER|CREATE|DROP|INSERT|UPDATE|DELETE)|^aws (?:Put|Modify|Reboot|Delete)/.test(line),
    ),
  ).toEqual([]);
});
