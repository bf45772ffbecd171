import { decodingLog } from '../../../sql-runner/checks/decoding-log';
import { witnessOf } from '../../../sql-runner/checks/slot-log-witness';
import type { WatchedSlot } from '../../../sql-runner/checks/slot-moves';
import {
  MASTER,
  SLOT,
  watched,
  type Session,
  replicates,
  at,
  linesOf,
  POLL,
  worker,
  WHOLE,
} from '../support/decoding-lines';

/** Slots that may stand in the place of ours. */

const GONE = { ...POLL, slot: 'aside' };
const readBy = (statement: string) => linesOf({ ...GONE, statement });
const made = (statement: string) => [
  `${at(5)}:[local]:master@shop:[5]:LOG:  logical decoding found consistent point at 0/380`,
  `${at(5)}:[local]:master@shop:[5]:DETAIL:  There are no running transactions.`,
  `${at(5)}:[local]:master@shop:[5]:STATEMENT:  ${statement}`,
];
const textOf = (...lines: string[][]) => decodingLog(lines.flat().join('\n'));
const around = (lines: string[], more: Partial<WatchedSlot> = {}, last = worker(9, '0/500')) =>
  witnessOf(textOf(linesOf(worker(3, '0/200')), lines, linesOf(last)), { ...watched, ...more }, WHOLE).move;

test.each<[string, string[], string | null]>([
  ['moved by a function', linesOf(GONE), 'aside'],
  ['read by a sender', readBy(`START_REPLICATION SLOT "aside" LOGICAL 0/0 ("proto_version" '1')`), 'aside'],
  ['made by a function', made(`SELECT pg_create_logical_replication_slot( 'aside', 'pgoutput')`), 'aside'],
  ['made by a sender', made('CREATE_REPLICATION_SLOT "aside" LOGICAL pgoutput'), 'aside'],
  ['made under a name that is not told', made('SELECT pg_create_logical_replication_slot($1, $2)'), null],
])('a slot that is gone, and was %s between two workers, may stand in the place of this one', (_, lines, copy) => {
  expect(around(lines)).toMatchObject({ pid: 5, to: '0/500', copy });
  // What was before the worker that was there first it has seen, and so it has where the next one had applied as much.
  const before = textOf(lines, linesOf(worker(6, '0/200')), linesOf(worker(9, '0/200')));
  expect(witnessOf(before, watched, WHOLE).move).toBeNull();
  expect(around(lines, {}, worker(9, '0/500', '0/500'))).toBeNull();
});

const advances = (from: string, pid = 5) => linesOf({ pid, slot: 'aside', from, ...MASTER, who: 'master@ledger' });
const MAKING = made(`SELECT pg_create_logical_replication_slot('aside', 'pgoutput')`);
const stands = (confirmedLsn: string, inUse = false) => ({ others: new Map([['aside', { inUse, confirmedLsn }]]) });

test.each<[string, string[], Partial<WatchedSlot>]>([
  ['is of another database, and stands there', advances('0/300'), stands('0/500')],
  ['was made, and moved on after it', [...MAKING, ...advances('0/500', 6)], stands('0/700')],
  ['was made, and is read by now', [...MAKING, ...advances('0/500', 6)], stands('0/700', true)],
])('where this one began, a slot may have stood that %s', (_, lines, now) => {
  expect(around(lines, now)).toMatchObject({ copy: 'aside', to: '0/500' });
});

test('one that was left alone meanwhile may have stood there, if whoever came next began there', () => {
  const later = (from: string, lines = advances(from, 11)) =>
    witnessOf(
      textOf(linesOf(worker(3, '0/200')), linesOf(worker(9, '0/500')), lines),
      { ...watched, ...stands('0/700') },
      WHOLE,
    ).move;
  expect(later('0/500')).toMatchObject({ copy: 'aside', to: '0/500' });
  expect(later('0/510')).toBeNull();
  expect(later('', MAKING)).toBeNull();
});

test('one that has counted more than can have ended since is no copy of then', () => {
  const counted = (txns: number) => around(linesOf(GONE), { txns, sentLsn: '0/600' });
  expect(counted(8)).toMatchObject({ copy: 'aside' });
  expect(counted(9)).toBeNull();
  expect(around(linesOf(GONE), { txns: 9, sentLsn: null })).toMatchObject({ copy: 'aside' });
});

test('what somebody peeked at is counted once more, so the count tells nothing then', () => {
  const peeks = linesOf({ pid: 7, from: '0/500', ...MASTER, statement: 'SELECT pg_logical_slot_peek_changes($1)' });
  const many = { txns: 1_000, sentLsn: '0/600' };
  expect(around(linesOf(GONE), many)).toBeNull();
  expect(around([...linesOf(GONE), ...peeks], many)).toMatchObject({ copy: 'aside' });
});

test('what was before a reader that was looked at was told then', () => {
  const seen = (seenUntil: string) =>
    witnessOf(textOf(linesOf(worker(3, '0/200')), linesOf(GONE), linesOf(worker(9, '0/500'))), watched, {
      ...WHOLE,
      seenUntil,
    }).move;
  expect(seen('2026-11-29T14:00:08.000Z')).toMatchObject({ copy: 'aside' });
  expect(seen('2026-11-29T14:00:10.000Z')).toBeNull();
});

test('one that is polled and stands where this one does, as nothing is written, is no copy', () => {
  expect(around(advances('0/500'), stands('0/500'))).toBeNull();
});

test('one that is there still is told where it stands where this one began, and nobody reads it', () => {
  const there = (inUse: boolean, confirmedLsn: string) =>
    around(linesOf(GONE), { others: new Map([['aside', { inUse, confirmedLsn }]]) });
  expect(there(false, '0/500')).toMatchObject({ copy: 'aside' });
  expect(there(true, '0/500')).toBeNull();
  expect(there(false, '0/510')).toBeNull();
});

test('what a subscriber copies its tables by is no such slot', () => {
  expect(around(made('CREATE_REPLICATION_SLOT "pg_16400_sync_16390_7430000000000000000" LOGICAL pgoutput'))).toBeNull();
});

test('who reads it by another program is told apart by how that writes, where the log has no user', () => {
  const bare = (session: Session) =>
    linesOf(session).map((line) => line.replace(/^(\S+ \S+ UTC):.*?:(\[\d+\]):/, '$1 $2 '));
  const told = (statement: string) =>
    witnessOf(
      textOf(bare(worker(3, '0/200')), bare({ pid: 5, from: '0/300', statement }), bare(worker(9, '0/500'))),
      watched,
      WHOLE,
    );
  const other = `START_REPLICATION SLOT "${SLOT}" LOGICAL 0/0 ("proto_version" '1', "publication_names" 'x')`;
  expect(told(other)).toMatchObject({ unread: null, move: { pid: 5, by: null, from: '0/300', to: '0/500' } });
  expect(told(replicates('0/300'))).toMatchObject({ unread: null, move: null });
});
