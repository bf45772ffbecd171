import { formatMark } from '../../../sql-runner/model/mark';
import type { SlotMove, SlotWitness } from '../../../sql-runner/model/slot-witness';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { witnessWords } from '../../../sql-runner/resources/slot-moved';
import { sourceContract } from '../support/contract';
import { edit, following } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

const contract = sourceContract();
const SLOT = 'acas_demo_shop';
const at = '2026-11-29T14:00:05.000Z';
const MOVE: SlotMove = { at, pid: 5, by: 'master@shop', from: '0/30000000', to: '0/30000100' };
const LOOKED: SlotWitness = {
  reader: '9 2026-11-29T14:00:09.500000Z',
  came: '2026-11-29T14:00:09.500000Z',
  unread: null,
  since: '2026-11-29T13:00:00.000Z',
  until: '2026-11-29T14:01:00.000Z',
  move: null,
};

function judged(witness: Partial<SlotWitness>, compared?: string) {
  const observation = edit(following(contract), ({ source, target }) => {
    source.witnesses = { [SLOT]: { ...LOOKED, ...witness } };
    const { subscription } = target!.databases.shop!.streams[SLOT]!;
    subscription!.comment = formatMark({ ...SUBSCRIPTION_MARK, compared });
  });
  const of = streamFacts(contract, observation).find(({ stream }) => stream.slot === SLOT)!;
  return judgeContinuity(contract, observation, of);
}

test('a slot that somebody else moved is not proven, and who and when is said', () => {
  expect(judged({ move: MOVE })).toMatchObject({
    kind: 'not proven',
    seen: `slot acas_demo_shop of database shop was moved from 0/30000000 to 0/30000100 by process 5 (master@shop) at ${at}, and not by the subscription's worker`,
  });
  for (const [copy, what] of [
    ['aside', 'slot aside'],
    [null, 'a slot whose name the log does not tell'],
  ] as const)
    expect(judged({ move: { ...MOVE, copy } })).toMatchObject({
      seen: expect.stringContaining(`may have been replaced by a copy of ${what}, which process 5`) as string,
    });
  expect(judged({ move: { ...MOVE, by: null, to: null } })).toMatchObject({
    seen: `slot acas_demo_shop of database shop was made again by process 5 from 0/30000000 on at ${at}, and not by the subscription's worker`,
  });
});

test('so it is where that was only written down, and the log could not be read since', () => {
  expect(judged({ move: MOVE, unread: 'denied' })?.kind).toBe('not proven');
  expect(judged({ move: MOVE, reader: null, came: null })?.kind).toBe('not proven');
});

test.each([
  ['before the slot was made for the clone', '0/1', undefined, 'proven'],
  ['before its rows were compared', '0/30000000', '0/30000001', 'proven'],
  ['where they had been compared', '0/30000000', '0/30000000', 'not proven'],
  ['after that', '0/30000000', '0/2FFFFFFF', 'not proven'],
])('what moved it %s', (_, from, compared, kind) => {
  expect(judged({ move: { ...MOVE, from } }, compared)?.kind).toBe(kind);
});

test('of a slot that was made anew where it was compared, or before that, nothing is missing', () => {
  const counted = { ...MOVE, to: null, counted: { before: 9, now: 4 } };
  expect(judged({ move: counted })).toMatchObject({
    kind: 'not proven',
    seen: `slot acas_demo_shop of database shop was made anew, or replaced by a copy of another one, before its reader came at ${at}: it counted 4 decoded transactions afterwards, and had counted 9`,
  });
  expect(judged({ move: { ...MOVE, to: null, cluster: { before: 'cluster-A', now: 'cluster-B' } } })).toMatchObject({
    kind: 'not proven',
    seen: `production is another cluster than the one that the clone followed (resource cluster-B, and it was cluster-A): it was restored or replaced before the reader of slot acas_demo_shop of database shop came at ${at}`,
  });
  expect(judged({ move: counted }, '0/2FFFFFFF')?.kind).toBe('not proven');
  expect(judged({ move: counted }, '0/30000000')?.kind).toBe('proven');
});

test('nobody else, and what nobody could look at, are no doubt', () => {
  expect(judged({})?.kind).toBe('proven');
  expect(judged({ unread: 'denied', since: null, until: null })?.kind).toBe('proven');
});

test('what was looked at is said, and what was not', () => {
  const of = { stream: contract.links[0]!.streams[0]! };
  const { slot } = of.stream;
  expect(witnessWords(of, LOOKED)).toBe(
    `until its reader came, nobody else at slot ${slot}, by the source's log from 2026-11-29T13:00:00.000Z on`,
  );
  expect(witnessWords(of, { ...LOOKED, move: MOVE })).toContain(`somebody else at slot ${slot} at ${at}`);
  expect(witnessWords(of, { ...LOOKED, unread: 'denied', since: null, until: null })).toBe(
    `whether somebody else was at slot ${slot} before its reader came at 2026-11-29T14:00:09.500000Z was not looked at: denied`,
  );
  expect(witnessWords(of, { ...LOOKED, unread: 'denied' })).toMatch(
    new RegExp(
      `: denied; the source's log from 2026-11-29T13:\\S+ to 2026-11-29T14:01:00.000Z has nobody else at slot ${slot}$`,
    ),
  );
});
