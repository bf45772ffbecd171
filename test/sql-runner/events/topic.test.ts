import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { environmentFile } from '../../../environments/files';
import { loadEnvironment } from '../../../environments/loader';
import { buildWorld } from '../../../lab/aws/accounts';
import { createEndpoint } from '../../../lab/aws/endpoint';
import type { ClusterServers } from '../../../lab/aws/cluster-servers';
import type { World } from '../../../lab/aws/world';
import { verificationEvent, type ServeEvent } from '../../../sql-runner/events/event';
import { Outbox } from '../../../sql-runner/events/outbox';
import { topic } from '../../../sql-runner/events/topic';
import { verifyOf } from '../support/compared';

/** What stands in for both accounts in the lab, without servers. */
const SOURCE = '111111111111';
const KEYS = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const before = KEYS.map((key) => [key, process.env[key]] as const);
let world: World;
let server: Server;
beforeAll(async () => {
  world = buildWorld(loadEnvironment(environmentFile('demo')));
  server = createEndpoint({ world, servers: {} as ClusterServers, save: () => undefined });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The operator, who may only take a role.
  process.env.AWS_ACCESS_KEY_ID = 'LAB000000000000';
  process.env.AWS_SECRET_ACCESS_KEY = 'lab';
});
afterAll(async () => {
  for (const [key, value] of before)
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

async function made(name: string): Promise<string> {
  const credentials = { accessKeyId: `LAB${SOURCE}`, secretAccessKey: 'lab' };
  const client = new SNSClient({ region: 'eu-west-1', credentials });
  return (await client.send(new CreateTopicCommand({ Name: name }))).TopicArn!;
}

const event = (id: string): ServeEvent => ({
  format_version: '1.0',
  id,
  kind: 'stream',
  at: 'T',
  environment: 'demo',
  heldBack: 0,
  slot: 'acas_demo_żółć',
  healthy: false,
});
const accounts = [{ accountId: SOURCE, roleArn: `arn:aws:iam::${SOURCE}:role/aurora-sync` }];
const FAST = { most: 5, firstWait: 1, longestWait: 5, giveUpAfter: 60_000 };

test('an event is published by the role of the account of the topic, with attributes to filter by', async () => {
  const arn = await made('alarms');
  const box = new Outbox(topic(arn, accounts), () => undefined, FAST);
  box.put(event('one'));
  await box.drained();
  const [message] = world.accounts[SOURCE]!.topics![arn]!.messages;
  expect(message).toMatchObject({
    subject: 'demo: acas_demo_????: not healthy',
    attributes: { kind: 'stream', environment: 'demo', healthy: 'false' },
    group: null,
  });
  expect(JSON.parse(message!.message)).toEqual({ ...event('one'), dropped: 0 });
});

test('what happened is the subject where the kind alone does not say it', async () => {
  const arn = await made('subjects');
  const box = new Outbox(topic(arn, accounts), () => undefined, FAST);
  const run = verifyOf(1, { shop: 'not equal' });
  box.put(verificationEvent('demo', run, 0));
  box.put({ ...event('b'), kind: 'budget', told: 'budget used up' });
  await box.drained();
  expect(world.accounts[SOURCE]!.topics![arn]!.messages.map(({ subject }) => subject)).toEqual([
    'demo: rows: not equal',
    'demo: acas_demo_????: budget used up',
  ]);
});

test('a FIFO topic keeps each stream in order, and takes an event once', async () => {
  const arn = await made('alarms.fifo');
  const box = new Outbox(topic(arn, accounts), () => undefined, FAST);
  for (const id of ['one', 'one', 'two']) box.put(event(id));
  await box.drained();
  expect(
    world.accounts[SOURCE]!.topics![arn]!.messages.map(({ group, message }) => [
      group,
      (JSON.parse(message) as ServeEvent).id,
    ]),
  ).toEqual([
    ['acas_demo_żółć', 'one'],
    ['acas_demo_żółć', 'two'],
  ]);
});

test('a topic that is not there is told, and gets the event once it is', async () => {
  const arn = `arn:aws:sns:eu-west-1:${SOURCE}:later`;
  const told: string[] = [];
  const box = new Outbox(topic(arn, accounts), (line) => told.push(line), FAST);
  box.put(event('one'));
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told[0]).toMatch(
    /^topic arn:aws:sns:eu-west-1:1{12}:later does not receive events: AWS_\w+: sns:Publish in account 1{12} failed: NotFound/,
  );
  await made('later');
  await box.drained();
  expect(world.accounts[SOURCE]!.topics![arn]!.messages).toHaveLength(1);
});
