import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { inSession } from '../../lab/connections';
import { endChildren } from '../../lab/demo/child';
import { startLab, type Lab } from '../../lab/lab';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { freshCheckout } from './guide/checkout';
import { type Ended, Shell } from './guide/shell';

/**
 * The file of an environment that is deployed goes, with its JSON and without: what is printed is carried out as it stands,
 * in a checkout, and then nothing of it is left.
 */

const stage = stagesInOrder();
const HOME = join(tmpdir(), `aurora gone ${process.pid}`);
let lab: Lab;
let checkout: string;
let shell: Shell;
let said: string;

/** People approve what they are shown. Nothing else is put in the way of what is printed: a checkout has its PATH alone. */
const CALLED = `
export STACKS_BASE=HEAD
npx() {
  case "$1" in
    sql-runner|cdktf) command npx "$@" --auto-approve ;;
    *) command npx "$@" ;;
  esac
}
`;

beforeAll(async () => {
  mkdirSync(HOME, { mode: 0o711 });
  const file = environmentFile('demo');
  lab = await startLab({ environmentFile: file, name: 'gone', home: join(HOME, 'labs') });
  await makeDemoTables(lab);
  checkout = freshCheckout(join(HOME, 'checkout'));
  shell = new Shell(checkout, lab, join(HOME, 'gone.log'), {});
});
afterAll(async () => {
  await endChildren();
  await lab?.down();
  rmSync(HOME, { recursive: true, force: true });
});

const run = (commands: string): Promise<Ended> => shell.run(`${CALLED}\n${commands}`);
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const PLAN = 'npm run -s stacks:plan -- demo --out plans.md';
const slots = async (): Promise<number> => {
  const connection = lab.sourceConnection('shop');
  const { rowCount } = await inSession(connection, (client) => client.query('SELECT FROM pg_replication_slots'));
  return rowCount!;
};

stage('the file alone: nothing is generated or deleted, and the way out is printed', async () => {
  const source = 'terraform -chdir=cdktf.out/stacks/demo-source';
  const deployed = await run(
    `${source} init && ${source} apply -auto-approve && npx sql-runner apply demo --allow-reboot`,
  );
  expect(deployed).toMatchObject({ exitCode: 0 });
  expect(await slots()).toBeGreaterThan(0);
  const { exitCode, printed } = await run('rm environments/demo.yaml; npm run synth');
  expect(exitCode).not.toBe(0);
  said = inOneLine(printed);
  expect(said).toContain('Error ENVIRONMENT_FILE_GONE There is JSON of demo-source, demo-target in ');
  expect(existsSync(join(checkout, 'cdktf.out/stacks/demo-source/cdk.tf.json'))).toBe(true);
});

stage('its JSON too: git tells that it was there, and its state that it is deployed', async () => {
  const { exitCode, printed } = await run(`rm -r cdktf.out/stacks/demo-*; npm run -s stacks:fresh; ${PLAN}`);
  expect(exitCode).toBe(1);
  const all = inOneLine(printed);
  expect(all).toContain('note: this change removes demo-source, demo-target, which HEAD has.');
  expect(all).toMatch(/STACK_STILL_DEPLOYED This change removes demo-source, and its state has \d+ resources/);
  // Both print the same way out.
  const [, ends] = / if the environment is to go, do so with the file in its place: (.+?)\. Only once /i.exec(said)!;
  expect(all.split(ends!)).toHaveLength(3);
  expect(readdirSync(join(checkout, 'cdktf.out/stacks')).sort()).toEqual(['example-source', 'example-target']);
});

stage('what is printed ends it, and then the files go', async () => {
  const [, ends] = /with the file in its place: (.+?)\. Only once /.exec(said)!;
  const [removal] = /rm -r (?:'[^']+'|\S+) (?:'[^']+'|\S+)/.exec(said)!;
  const ended = await run(`git checkout -q -- environments/demo.yaml\n${ends}`);
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(await slots()).toBe(0);
  const removed = await run(`rm environments/demo.yaml\n${removal}\nnpm run synth`);
  expect(removed).toMatchObject({ exitCode: 0 });
  const planned = await run(PLAN);
  expect(planned).toMatchObject({ exitCode: 0, printed: expect.stringContaining('removed: demo-source') });
  expect(readdirSync(join(checkout, 'cdktf.out/stacks')).sort()).toEqual(['example-source', 'example-target']);
});
