import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SQL_RUNNER } from '../../lab/demo/toolchain';
import { allowEventTriggers } from '../../lab/event-triggers-command';
import { untrue } from '../deploys/guide/printed';
import { sqlRunnerOn } from '../lab/operators/sql-runner-on';
import { eventually } from '../support/eventually';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { rowsAsText } from './support/rows-as-text';
import { type Block, readSchemaGuide } from './support/schema-guide';

/** docs/guides/changing-the-schema.md is followed by its own blocks, while somebody writes to production. */

const stage = stagesInOrder();
const sections = readSchemaGuide();
let world: DirectLab;
let folder: string;
let writing: Promise<void>;
let stop = false;
const lies: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schema-guide-'));
  world = await DirectLab.start('guide', { databases: ['shop'] });
  const first = sections[0]!.blocks[0];
  if (first?.kind !== 'sql') throw new Error('the page does not begin with its table');
  await execute(await world.source('shop'), [first.text]);
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
  writing = write();
});
afterAll(async () => {
  stop = true;
  await writing?.catch(() => undefined);
  await world?.lab.down();
  rmSync(folder, { recursive: true, force: true });
});

/** New orders, and old ones that change and go, as an application that knows no column of the page but the first. */
async function write(): Promise<void> {
  const client = await world.source('shop');
  try {
    while (!stop) {
      await client.query(`INSERT INTO orders (note) VALUES ('of the writer')`);
      await client.query(`UPDATE orders SET note = note || '.' WHERE id % 7 = 0 AND note LIKE 'of the writer%'`);
      await client.query(`DELETE FROM orders WHERE id % 11 = 0 AND id > 200`);
      // An application waits for its users.
      await pause(20);
    }
  } finally {
    await client.end();
  }
}

for (const { title, blocks } of sections.slice(1))
  stage(title, async () => {
    for (const block of blocks) await carryOut(block);
  });

stage('the page says what was printed', () => {
  expect(lies).toEqual([]);
  return Promise.resolve();
});

stage('every row is equal, by plain reading', async () => {
  stop = true;
  await writing;
  for (const table of ['orders', 'returns'])
    await eventually(async () => (await rowsAsText(world.clone, table)) === (await rowsAsText(world.source, table)));
});

async function carryOut(block: Block): Promise<void> {
  if (block.kind === 'file') writeFileSync(join(folder, block.name), block.text);
  else if (block.kind === 'by hand') await askForDdl();
  else if (block.kind === 'sql') {
    const errors = await failures();
    await execute(await world[block.on === 'production' ? 'source' : 'clone']('shop'), [block.text]);
    await arrivesOrFails(errors);
  } else {
    const printed = await run(block.text);
    const lie = untrue(block.expected, printed);
    if (lie !== '') lies.push(`${block.text}\n${lie}\nThis was printed:\n${printed}`);
  }
}

const one = async <T>(side: 'source' | 'clone', sql: string): Promise<T> => {
  const client = await world[side]('shop');
  const { rows } = await client.query<{ is: T }>(sql).finally(() => client.end());
  return rows[0]!.is;
};
const failures = () =>
  one<number>('clone', 'SELECT coalesce(sum(apply_error_count), 0)::int AS is FROM pg_stat_subscription_stats');

/** A reader of the page types slower than a row travels. */
async function arrivesOrFails(errors: number): Promise<void> {
  const lsn = await one<string>('source', 'SELECT pg_current_wal_flush_lsn()::text AS is');
  const past = `SELECT bool_and(confirmed_flush_lsn >= '${lsn}') AS is FROM pg_replication_slots`;
  await eventually(async () => (await one<boolean>('source', past)) || (await failures()) > errors);
}

/** As the environment file does, and the deploy of the source stack after it. */
async function askForDdl(): Promise<void> {
  world.contract = {
    ...world.contract,
    links: world.contract.links.map((link) => ({ ...link, ddl: 'apply' as const })),
  };
  await allowEventTriggers(world.lab);
}

/** With both outputs of a run; the environment of a lab has another name than that of the page. */
async function run(command: string): Promise<string> {
  const [verb, ...words] = command.replace(/^npx sql-runner /, '').split(/\s+/);
  if (verb === 'ddl' && words[0] === 'check') return check(words);
  const asks = ['apply', 'sequences'].includes(verb!) || words[0] === 'skip' ? ['--auto-approve'] : [];
  const named = words.map((word) => (word === 'dev' ? 'demo' : word));
  const { stdout, stderr } = await sqlRunnerOn(world, folder)(verb!, named[0]!, ...named.slice(1), ...asks);
  return `${stdout}${stderr}`.replace(/\bdemo\b|(?<=acas_)demo/g, 'dev');
}

const check = (words: readonly string[]): Promise<string> =>
  new Promise((done) => {
    execFile(process.execPath, [SQL_RUNNER, 'ddl', ...words, '--no-color'], { cwd: folder }, (_, stdout, stderr) =>
      done(`${stdout}${stderr}`),
    );
  });
