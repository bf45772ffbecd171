import { streamFacts, ticketState } from '../../../sql-runner/model/stream-state';
import { judgeAlignment } from '../../../sql-runner/resources/clone-alignment';
import { planTicket } from '../../../sql-runner/resources/clone-ticket';
import { newClone } from '../../../sql-runner/model/streams';
import type { Observation } from '../../../sql-runner/model/observation';
import { sourceContract } from '../support/contract';
import { cloned, type Draft, edit, following, NONCE } from '../support/observations';

const contract = sourceContract(['shop']);

function judged(change: (draft: Draft<Observation>) => unknown) {
  const observation = edit(cloned(contract), (draft) => void change(draft));
  const { source, target } = observation;
  return judgeAlignment(contract, source, target!, streamFacts(contract, observation)[0]!, NONCE);
}

test('a slot or a ticket that is missing is for others to refuse, and no error here', () => {
  const nothing = { changes: [], findings: [] };
  expect(judged(({ source }) => (source.slots = []))).toEqual(nothing);
  expect(judged(({ source }) => (source.databases.shop!.publications[0]!.comment = null))).toEqual(nothing);
});

test('a source that has not written since the clone is told apart from a clone of another source', () => {
  const next = (seedLsn: string) => judged(({ target }) => (target!.seedLsn = seedLsn)).findings[0]!.next;
  expect(next('F/1')).toMatch(/ahead of an idle source.* on the source: SELECT pg_logical_emit_message\(true, /);
  expect(next('0/1')).toBe(newClone(contract));
});

test.each([
  ['0/2000001', 'read before the clone was taken', /: it was read before this clone was taken: an earlier clone under/],
  ['0/3000000', 'read up to where it was taken', /: it was read before this clone was taken: an earlier clone under/],
  ['0/3000001', 'read on since', /recorded 0\/2000000: somebody consumed changes that the clone has not got/],
  ['0/1FFFFFF', 'another slot of before the ticket', /recorded 0\/2000000: somebody consumed changes/],
  [null, 'without a position', /stands at no position; .*: somebody consumed changes/],
])('of a slot at %s, %s, only that is said which can be known', (confirmed, _, words) => {
  const [finding] = judged(({ source }) => (source.slots[0]!.confirmedFlushLsn = confirmed)).findings;
  expect(`${finding!.seen}: ${finding!.why}`).toMatch(words);
  expect(finding).toMatchObject({ code: 'SLOT_CONSUMED', next: newClone(contract) });
});

test('what was put back before the clone was connected is told, and stops it; what still differs is for others to tell', () => {
  const rows = { self: '1 10', members: {}, tables: {} };
  const altered = (change: (draft: Draft<Observation>) => unknown = () => undefined) =>
    judged((draft) => {
      Object.assign(draft.source.databases.shop!.publications[0]!, { rows: { ...rows, self: '1 11' } });
      Object.assign(draft.target!.databases.shop!.publications[0]!, { rows });
      change(draft);
    }).findings.map(({ code, seen }) => `${code}: ${/may have been put back: (.*)$/.exec(seen)?.[1]}`);
  expect(altered()).toEqual(['PUBLICATION_ALTERED: the publication itself']);
  expect(altered(({ source }) => (source.databases.shop!.publications[0]!.publishesEverything = false))).toEqual([]);
  expect(altered(({ source }) => source.databases.shop!.publications[0]!.tables.pop())).toEqual([]);
  expect(altered(({ source }) => (source.databases.shop!.publications = []))).toEqual([]);
  expect(
    altered(({ target }) => Object.assign(target!.databases.shop!.publications[0]!.rows!, { self: '1 11' })),
  ).toEqual([]);
});

test('a new clone begins with a reset and ends with the deploy that replaces it', () => {
  expect(newClone(contract)).toMatch(/sql-runner reset demo.*cdktf deploy demo-target/);
});

test('a ticket is never issued again once its clone is there, or once a stream follows', () => {
  const moved = (state: typeof cloned, deployedNonce: string) =>
    edit(state(contract), ({ source, target }) => {
      source.slots[0]!.confirmedFlushLsn = '0/2000001';
      target!.deployedNonce = deployedNonce;
    });
  const planned = (observation: Observation, bootstrapped: boolean) => {
    const streams = streamFacts(contract, observation);
    const ticket = ticketState(observation, streams);
    return planTicket({ contract, observation, streams, ticket, bootstrapped }).changes.map(({ action }) => action);
  };
  expect(planned(moved(cloned, NONCE), false)).toEqual([]);
  expect(planned(moved(following, 'older'), true)).toEqual([]);
  expect(planned(moved(cloned, 'older'), false)).toEqual(['replace']);
});
