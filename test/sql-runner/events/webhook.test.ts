import { createHmac } from 'node:crypto';
import { wrongWebhook } from '../../../sql-runner/commands/webhook-address';
import { keepSecret } from '../../../sql-runner/explain/redaction';
import type { ServeEvent } from '../../../sql-runner/events/event';
import { Outbox, type OutboxSettings } from '../../../sql-runner/events/outbox';
import { webhook } from '../../../sql-runner/events/webhook';
import { eventually } from '../../support/eventually';
import { HttpReceiver } from '../../support/http-receiver';

const SECRET = 'a secret of the webhook';

let receiver: HttpReceiver;
beforeEach(async () => (receiver = await HttpReceiver.listening()));
afterEach(() => receiver.close());

const FAST: OutboxSettings = { most: 5, firstWait: 2, longestWait: 10, giveUpAfter: 60_000 };
const event = (id: string, more = {}): ServeEvent => ({
  format_version: '1.0',
  id,
  kind: 'stream',
  at: '',
  environment: 'demo',
  heldBack: 0,
  slot: 's',
  healthy: true,
  ...more,
});

function outbox(settings = FAST) {
  const told: string[] = [];
  return {
    told,
    box: new Outbox(webhook(`${receiver.url}/hook/secret-path`, SECRET), (line) => told.push(line), settings),
  };
}
const ids = () => receiver.got.map(({ body }) => (JSON.parse(body) as { id: string }).id);

test('the signature is that of the time and the body as they arrive, and no attempt has that of another', async () => {
  receiver.answers = [500];
  const { box } = outbox();
  box.put(event('one'));
  await box.drained();
  expect(receiver.got).toHaveLength(2);
  for (const { headers, body } of receiver.got) {
    const signed = createHmac('sha256', SECRET)
      .update(`${String(headers['acas-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['acas-signature']).toBe(`v1=${signed}`);
    expect(Math.abs(Date.now() / 1_000 - Number(headers['acas-timestamp']))).toBeLessThan(60);
    expect(headers['acas-event-id']).toBe('one');
    expect(headers['content-type']).toBe('application/json');
  }
  expect(receiver.got[0]!.body).toBe(receiver.got[1]!.body);
});

test('what is not received is sent again, in order, and nobody waits for it', async () => {
  receiver.answers = [503, 429, 404, 302];
  const { box, told } = outbox();
  for (const id of ['one', 'two', 'three']) box.put(event(id));
  expect(receiver.got).toEqual([]);
  await box.drained();
  expect(ids()).toEqual(['one', 'one', 'one', 'one', 'one', 'two', 'three']);
  expect(box.view()).toMatchObject({ sent: 3, waiting: 0, dropped: 0, failure: null });
  expect(told).toEqual([
    expect.stringMatching(/^webhook 127\.0\.0\.1:\d+ does not receive events: HTTP 503; they are sent again$/),
    expect.stringMatching(/receives events again$/),
  ]);
  expect(told.join()).not.toContain('secret-path');
});

test('what is refused for good does not hold up the others, and the next says that one is missing', async () => {
  receiver.answers = [400];
  const { box, told } = outbox();
  box.put(event('one'));
  box.put(event('two'));
  await box.drained();
  expect(ids()).toEqual(['one', 'two']);
  expect(JSON.parse(receiver.got[1]!.body)).toMatchObject({ id: 'two', dropped: 1 });
  expect(box.view()).toMatchObject({ sent: 1, dropped: 1 });
  expect(told.join('\n')).toMatch(/event one \(stream\) is given up for webhook .*: HTTP 400/);
});

test('where nobody answers the queue is bounded, the oldest that wait are dropped, and all of that is told', async () => {
  receiver.answers = Array.from({ length: 1_000 }, () => 500);
  const { box } = outbox();
  for (let number = 0; number < 9; number += 1) box.put(event(String(number)));
  expect(box.view()).toMatchObject({ waiting: 5, dropped: 4 });
  receiver.answers = [];
  await box.drained();
  expect([...new Set(ids())]).toEqual(['0', '5', '6', '7', '8']);
  expect(JSON.parse(receiver.got.at(-4)!.body)).toMatchObject({ id: '5' });
  expect(
    receiver.got.map(({ body }) => (JSON.parse(body) as { dropped: number }).dropped).reduce((a, b) => Math.max(a, b)),
  ).toBe(4);
});

test('what is too old is given up', async () => {
  receiver.answers = Array.from({ length: 1_000 }, () => 500);
  const { box } = outbox({ ...FAST, giveUpAfter: 400 });
  box.put(event('one'));
  await box.drained();
  expect(box.view()).toMatchObject({ sent: 0, dropped: 1, failure: 'HTTP 500' });
  expect(receiver.got.length).toBeGreaterThan(1);
});

test('a receiver that is away is told as that, and gets it when it is back', async () => {
  await receiver.close();
  const { box } = outbox();
  box.put(event('one'));
  await eventually(() => Promise.resolve(box.view().failure === 'ECONNREFUSED'));
  await receiver.listen();
  await box.drained();
  expect(ids()).toEqual(['one']);
});

test('no secret is in what is sent', async () => {
  keepSecret('a password "quoted"');
  const { box } = outbox();
  box.put(event('one', { cause: 'login with a password "quoted" failed' }));
  await box.drained();
  expect(JSON.parse(receiver.got[0]!.body)).toMatchObject({ cause: 'login with (sensitive) failed' });
});

test.each([
  ['https://hooks.example.com/x', null],
  ['http://127.0.0.1:8080/x', null],
  ['http://[::1]/x', null],
  ['http://localhost/x', null],
  ['http://hooks.example.com/x', /^is not https/],
  ['http://localhost.example.com/x', /^is not https/],
  ['ftp://hooks.example.com/x', /^is not https/],
  ['https://me:secret@hooks.example.com/x', /^has a login/],
  ['hooks.example.com', /^is no URL/],
])('%s as an address for events', (address, wrong) => {
  if (wrong === null) expect(wrongWebhook(address)).toBeNull();
  else expect(wrongWebhook(address)).toMatch(wrong);
});
