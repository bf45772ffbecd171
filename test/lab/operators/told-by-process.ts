import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { readState } from '../../../lab/state';
import { signature } from '../../../sql-runner/events/webhook';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { eventually } from '../../support/eventually';
import { HttpReceiver } from '../../support/http-receiver';
import { startSqlRunner } from './sql-runner-on';

const SECRET = 'a secret that signs events';

/** `sql-runner serve` as it is installed, with everybody whom it can tell: a webhook, a topic and a receiver of metrics. */
export async function toldByProcess(world: DirectLab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'told-by-process-'));
  const [hook, metrics] = [await HttpReceiver.listening(), await HttpReceiver.listening([200, '{}'])];
  const topic = await topicOf(world);
  const file = join(folder, 'secret');
  writeFileSync(file, SECRET);
  const child = startSqlRunner(
    world,
    folder,
    'serve',
    ...['--port', '0', '--json', '--no-history', '--plan-every', '0', '--interval', '1'],
    ...['--webhook', `${hook.url}/hook`, '--webhook-secret-file', file],
    ...['--sns-topic', topic, '--otlp-endpoint', metrics.url, '--cloudwatch'],
  );
  const ended = once(child, 'close');
  try {
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const { url } = JSON.parse(String(line)) as { url: string };
    await eventually(async () => (await fetch(`${url}/readyz`)).ok);
    const { headers, body } = await eventually(() => Promise.resolve(hook.got[0]));
    expect(headers['acas-signature']).toBe(signature(SECRET, String(headers['acas-timestamp']), body));
    const told = eventBody.parse(JSON.parse(body));
    expect(told).toMatchObject({ kind: 'standing', healthy: true });
    const message = await eventually(() => Promise.resolve(published(world, topic)));
    expect(message).toMatchObject({ subject: 'demo: all streams: healthy', attributes: { kind: 'standing' } });
    expect(JSON.parse(message.message)).toMatchObject({ id: told.id });
    const sent = await eventually(() => Promise.resolve(metrics.got[0]));
    expect([sent.path, sent.body.includes('"acas_stream_healthy"')]).toEqual(['/v1/metrics', true]);
    const watched = await eventually(() => Promise.resolve(measured(world)['AuroraCrossAccountSync UnhealthyStreams']));
    expect(watched).toMatchObject({ dimensions: { Environment: 'demo' }, value: 0, unit: 'Count' });
    // What was kept before it began is shown, and no news.
    await eventually(async () => (await (await fetch(url)).text()).includes('was equal'));
    expect(hook.got).toHaveLength(1);
  } finally {
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(143);
    await Promise.all([hook.close(), metrics.close()]);
    rmSync(folder, { recursive: true });
  }
}

async function topicOf({ contract }: DirectLab): Promise<string> {
  const credentials = { accessKeyId: `LAB${contract.account.accountId}`, secretAccessKey: 'lab' };
  const client = new SNSClient({ region: contract.region, credentials });
  return (await client.send(new CreateTopicCommand({ Name: 'acas' }))).TopicArn!;
}

/** What it got first, as the lab remembers it. */
const published = ({ lab, contract }: DirectLab, topic: string) =>
  readState(lab.directory)!.world.accounts[contract.account.accountId]!.topics?.[topic]?.messages[0];

/** What CloudWatch got in the account of the clone, as the lab remembers it. */
const measured = ({ lab, contract }: DirectLab) =>
  readState(lab.directory)!.world.accounts[contract.targetAccount.accountId]!.metrics ?? {};
