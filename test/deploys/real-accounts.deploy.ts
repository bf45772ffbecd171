import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { connectBy } from '../../lab/connections';
import { endChildren } from '../../lab/demo/child';
import { type Lab, startLab } from '../../lab/lab';
import { seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import { stagesInOrder } from '../e2e/support/in-order';
import { terraformAs } from '../lab/aws/support';
import { freshCheckout } from './guide/checkout';
import { readPage } from './guide/page';
import { Reader } from './guide/reader';
import { Shell } from './guide/shell';
import { standing } from './guide/standing';

/** docs/guides/real-accounts.md is followed by its own commands: from nothing to in sync, and back out. */

const stage = stagesInOrder();
const HOME = join(tmpdir(), `aurora accounts ${process.pid}`);
const page = readPage();
let lab: Lab;
let checkout: string;
let environment: Environment;
let reader: Reader | undefined;
let writers: Writers | undefined;
let before: unknown;

/** What a lab has otherwise: no S3, and another place for the authority of its servers. */
const IN_A_LAB = {
  backend: { type: 'local', directory: 'terraform-state' },
  replication: { sslRootCert: 'rds-ca.pem' },
};

/** The page's own environment, as the lab has it. */
const inLab = () => stringify({ ...(parse(page.environment) as object), ...IN_A_LAB });

beforeAll(async () => {
  mkdirSync(HOME, { mode: 0o711 });
  const environmentFile = join(HOME, 'dev.yaml');
  writeFileSync(environmentFile, inLab());
  environment = loadEnvironment(environmentFile);
  lab = await startLab({ environmentFile, name: 'accounts', home: join(HOME, 'labs') });
  const production = connectBy((database) => lab.sourceConnection(database));
  await seedWorkload(production, { rows: 5000 });
  writers = await startWriters(production, { writers: 2, pauseMs: 20 });
  checkout = freshCheckout(join(HOME, 'checkout'));
  const profiles = { production: environment.source.accountId };
  reader = new Reader(page, new Shell(checkout, lab, join(HOME, 'guide.log'), profiles), byHand);
  before = await stands();
});
afterAll(async () => {
  await endChildren();
  const { GUIDE_TIMES } = process.env;
  if (GUIDE_TIMES !== undefined) writeFileSync(GUIDE_TIMES, reader?.times() ?? '');
  await Promise.allSettled([writers?.stop()]);
  await lab?.down();
  rmSync(HOME, { recursive: true, force: true });
});

const stands = () =>
  standing(
    lab,
    checkout,
    environment.databases.map(({ name }) => name),
  );

/** What its owner has in it, and these. */
async function setKeyPolicy(statements: readonly object[]): Promise<void> {
  const { accountId } = environment.source;
  const AWS = `arn:aws:iam::${accountId}:root`;
  const own = { Sid: 'Own', Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [own, ...statements] });
  const key = { key_id: environment.kms.sourceKeyArn, policy };
  await terraformAs(lab, accountId, environment.region)('create', 'aws_kms_key_policy', key);
}

async function byHand(what: string, lastPrinted: string): Promise<void> {
  const file = join(checkout, 'environments', 'dev.yaml');
  if (what === 'the environment file') writeFileSync(file, page.environment);
  else if (what === 'the policy of the key') await setKeyPolicy(JSON.parse(lastPrinted) as object[]);
  else throw new Error(`nobody knows how to do this: ${what}`);
}

stage('the file is checked, priced, given policies, and put up for review', () => reader!.follow(1, 2));

for (const [attempt, last] of [
  ['before there is a clone', 5],
  ['in sync', 8],
] as const) {
  stage(`what is offered is accepted: ${attempt}`, async () => {
    writeFileSync(join(checkout, 'environments', 'dev.yaml'), inLab());
    await setKeyPolicy([]);
    await reader!.follow(3, 4);
  });

  for (let step = 5; step <= last; step += 1) stage(`step ${step}: ${attempt}`, () => reader!.follow(step, step));

  stage(`back out, ${attempt}: nothing is left`, async () => {
    const { clusters } = lab.state.world.accounts[environment.target.accountId]!;
    expect(Object.keys(clusters)).toEqual(last === 5 ? [] : [environment.target.clone.identifier]);
    writers!.counts();
    await reader!.backOut(last);
    expect(await stands()).toEqual(before);
  });
}

stage('the page has what was printed, and nothing else', () => expect(reader!.lies.join('\n\n')).toBe(''));

stage('every block of the page was carried out, those of each way out as well', () => {
  expect(page.commands.filter((commands) => !reader!.carriedOut.has(commands))).toEqual([]);
  expect(page.commands.length).toBeGreaterThan(20);
});
