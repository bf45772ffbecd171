import * as fc from 'fast-check';
import { decodingLog } from '../../../sql-runner/checks/decoding-log';
import { lastOf, witnessOf } from '../../../sql-runner/checks/slot-log-witness';
import type { WatchedSlot } from '../../../sql-runner/checks/slot-moves';
import { formatLsn } from '../../../sql-runner/postgres/text/lsn';
import {
  SLOT,
  watched,
  type Session,
  replicates,
  at,
  linesOf,
  log,
  MASTER,
  POLL,
  worker,
  WHOLE,
  moved,
} from '../support/decoding-lines';

test('who reads or moves the slot is told, with where it stood and where he left it', () => {
  expect(moved(worker(3, '0/200'), { pid: 5, from: '0/300', ...MASTER }, worker(9, '0/500'))).toEqual({
    reader: '9 2026-11-29T14:00:09.500000Z',
    came: watched.since,
    unread: null,
    since: '2026-11-29T14:00:03.000Z',
    until: '2026-11-29T14:01:00.750Z',
    move: { at: '2026-11-29T14:00:05.000Z', pid: 5, by: 'master@shop', from: '0/300', to: '0/500' },
  });
});

test.each<[string, Session[]]>([
  ['only our workers were there', [worker(3, '0/200'), worker(9, '0/500')]],
  ['somebody only peeked', [worker(3, '0/200'), { pid: 5, from: '0/300', ...MASTER }, worker(9, '0/300')]],
  ['the worker had applied as much before', [{ pid: 5, from: '0/300', ...MASTER }, worker(9, '0/500', '0/500')]],
  ['another slot is polled', [worker(3, '0/200'), { ...POLL, pid: 5 }, worker(9, '0/500')]],
  ['another slot is read', [{ ...POLL, statement: replicates('0/1') }, worker(9, '0/500')]],
  ['nothing was skipped after another slot was moved', [{ ...POLL, slot: 'aside' }, worker(9, '0/300')]],
])('nothing is said where %s', (_, sessions) => {
  expect(moved(...sessions)).toMatchObject({ unread: null, move: null });
});

test.each<[string, Session, string]>([
  [
    'another role replicates from it',
    { pid: 5, who: 'cdc@shop', from: '0/300', statement: replicates('0/0') },
    'cdc@shop',
  ],
  ['a role of whom no statement is told', { pid: 5, who: 'cdc@shop', from: '0/300' }, 'cdc@shop'],
  ['the role itself calls a function', { pid: 5, from: '0/300', statement: MASTER.statement }, 'acas_demo@shop'],
])('a move is told where %s', (_, session, by) => {
  expect(moved(session, worker(9, '0/500')).move).toMatchObject({ by, from: '0/300', to: '0/500' });
});

test('while nobody reads, where the slot stands now is what counts', () => {
  const alone = { ...watched, active: false, pid: null, since: null };
  const told = log(worker(3, '0/200'), { pid: 5, from: '0/300', ...MASTER });
  expect(witnessOf(told, alone, WHOLE)).toMatchObject({ reader: null, unread: null, move: { to: '0/900' } });
  expect(witnessOf(told, { ...alone, confirmedLsn: '0/300' }, WHOLE).move).toBeNull();
  const copied = log(worker(3, '0/200'), { ...POLL, slot: 'aside' });
  expect(witnessOf(copied, alone, WHOLE).move).toMatchObject({ copy: 'aside', from: '0/300', to: '0/900' });
  expect(witnessOf(copied, { ...alone, confirmedLsn: '0/300' }, WHOLE).move).toBeNull();
  expect(witnessOf(copied, { ...alone, confirmedLsn: null }, WHOLE).move).toBeNull();
  // Its own move is not that of a copy.
  expect(witnessOf(told, alone, WHOLE).move).not.toHaveProperty('copy');
});

test.each([
  [`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`],
  [`SELECT\n\tpg_drop_replication_slot('x'),\n\tpg_create_logical_replication_slot('${SLOT}', 'pgoutput')`],
  [`CREATE_REPLICATION_SLOT "${SLOT}" LOGICAL pgoutput`],
])('a slot that was made again is told: %s', (statement) => {
  const head = `${at(5)}:[local]:master@shop:[5]:`;
  const text = [
    ...linesOf(worker(3, '0/200')),
    `${head}LOG:  logical decoding found consistent point at 0/380`,
    `${head}DETAIL:  There are no running transactions.`,
    `${head}STATEMENT:  ${statement}`,
    ...linesOf(worker(9, '0/400')),
  ].join('\n');
  const made = { at: '2026-11-29T14:00:05.000Z', pid: 5, by: 'master@shop', from: '0/380', to: null };
  expect(witnessOf(decodingLog(text), watched, WHOLE)).toMatchObject({ unread: null, move: made });
  expect(witnessOf(decodingLog(text), { ...watched, slot: 'acas_demo_ledger' }, WHOLE).move).toBeNull();
});

test.each<[string, string, Partial<WatchedSlot>]>([
  ['nothing that could be read', 'no line of a log\n', {}],
  ['does not have the start of who reads now', linesOf(worker(3, '0/200')).join('\n'), {}],
  ['PostgreSQL 19', linesOf(worker(9, '0/200')).join('\n'), { version: 190_000 }],
  ['log_min_error_statement', linesOf({ pid: 9, from: '0/200' }).join('\n'), {}],
  [
    'log_error_verbosity',
    linesOf(worker(9, '0/200'))
      .filter((line) => !line.includes('DETAIL'))
      .join('\n'),
    {},
  ],
])('what the log does not tell is said: %s', (words, text, more) => {
  expect(witnessOf(decodingLog(text), { ...watched, ...more }, WHOLE)).toMatchObject({
    unread: expect.stringContaining(words),
    since: null,
    until: null,
    move: null,
  });
});

test('of before the start of the server nothing is claimed: it may have been a reader of the cluster', () => {
  const serverSince = '2026-11-29T14:00:08.000Z';
  expect(witnessOf(log(worker(3, '0/200'), worker(9, '0/500')), { ...watched, serverSince }, WHOLE).since).toBe(
    serverSince,
  );
});

test('lines of other processes between those of one do not mix, and of a line that looks like one nothing is taken', () => {
  const [a, b] = [linesOf({ pid: 5, from: '0/300', ...MASTER }, 5), linesOf(worker(9, '0/500'), 5)];
  const mixed = a.flatMap((line, index) => [line, b[index]!]);
  const quoted = `${at(4)}:[local]:master@shop:[4]:LOG:  statement: SELECT 'LOG:  starting logical decoding for slot "${SLOT}"'`;
  const goesOn = `\t${linesOf({ pid: 6, from: '0/1', ...MASTER })[0]}`;
  const told = decodingLog([quoted, goesOn, ...mixed].join('\n'));
  expect(told.starts.filter(({ slot }) => slot === SLOT).map(({ pid, from }) => [pid, from])).toEqual([
    [5, '0/300'],
    [9, '0/500'],
  ]);
  expect(witnessOf(told, watched, WHOLE).move).toMatchObject({ pid: 5, from: '0/300', to: '0/500' });
});

test('the prefix that PostgreSQL has of itself tells no user, and what is done there tells who it is', () => {
  const text = linesOf({ pid: 5, from: '0/300', ...MASTER })
    .concat(linesOf(worker(9, '0/500')))
    .join('\n')
    .replace(/UTC:\S+:\[(\d+)\]:/g, 'UTC [$1] psql ');
  expect(witnessOf(decodingLog(text), watched, WHOLE)).toMatchObject({ unread: null, move: { pid: 5, by: null } });
});

/** A slot, at which workers and others come and go, one at a time, as the server allows. */
const SEEN = { ...WHOLE, seenUntil: '2026-11-29T14:00:11.500Z' };
const visits = fc.array(
  fc.record({
    foreign: fc.boolean(),
    /** How far it gets on; 0: it peeks, or has nothing to confirm. */
    moves: fc.nat({ max: 3 }),
    /** The origin is as far as the slot, or behind it where there was nothing to apply. */
    applied: fc.boolean(),
    noise: fc.boolean(),
  }),
  { maxLength: 12 },
);

/** What a client may call itself, its user and its database among it: bits of lines as the log has them. */
const bits = fc.constantFrom(
  ...['LOG:  ', 'STATEMENT:  ', 'DETAIL:  ', 'ERROR:  ', 'QUERY:  ', ' ', 'x', '[9] ', '@', ':', '? '],
  `starting logical decoding for slot "${SLOT}"`,
  'starting logical decoding for slot "other"',
  'Streaming transactions committing after 0/FFFF, reading WAL from 0/1.',
  'START_REPLICATION SLOT "acas_demo_shop" LOGICAL 0/900 (',
);
const names = fc.array(bits, { maxLength: 6 }).map((parts) => parts.join(''));
const named: readonly ((name: string, pid: number) => string)[] = [
  (name, pid) => `${at(5)}:10.0.0.5(40312):${name}@shop:[${pid}]:`,
  (name, pid) => `${at(5)}:10.0.0.5(40312):master@${name}:[${pid}]:`,
  (name, pid) => `${at(5)} [${pid}] ${name} `,
  (name, pid) => `${at(5)} [${pid}] master@shop ${name}: `,
];

test('whatever a client calls itself, a move of his is told', () => {
  fc.assert(
    fc.property(
      names,
      fc.constantFrom(...named),
      fc.constantFrom('', ` -- ${replicates('0/1')}`),
      (name, head, tail) => {
        const lines = linesOf({ pid: 5, from: '0/300', ...MASTER, statement: `${MASTER.statement}${tail}` });
        const marked = `${at(5)}:10.0.0.5(40312):master@shop:[5]:`;
        const text = [
          ...linesOf(worker(3, '0/200')),
          ...lines.map((line) => line.replace(marked, () => head(name, 5))),
          ...linesOf(worker(9, '0/500')),
        ];
        const { move, unread } = witnessOf(decodingLog(text.join('\n')), watched, WHOLE);
        expect(move !== null || unread !== null).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('one who calls himself as a line of the log is told as himself', () => {
  const head = `${at(5)} [5] psql LOG:  x `;
  const lines = linesOf({ pid: 5, from: '0/300', ...MASTER }).map((line) => line.replace(/^.*?:\[5\]:/, () => head));
  const text = [...linesOf(worker(3, '0/200')), ...lines, ...linesOf(worker(9, '0/500'))].join('\n');
  expect(witnessOf(decodingLog(text), watched, WHOLE).move).toMatchObject({ pid: 5, from: '0/300', to: '0/500' });
});

test('of any visits the last by which somebody else moved it is told, and no other', () => {
  fc.assert(
    fc.property(visits, (all) => {
      let position = 16n;
      let origin = 16n;
      const lines: string[] = [];
      const moves: { pid: number; from: string; to: string }[] = [];
      const put = (session: Session): void => void lines.push(...linesOf(session, 10));
      for (const [index, { foreign, moves: by, applied, noise }] of all.entries()) {
        const [pid, from] = [100 + index, formatLsn(position)];
        if (noise) put({ pid: 50, slot: 'theirs', from: '0/1', ...MASTER });
        put(foreign ? { pid, from, ...MASTER } : { pid, from, statement: replicates(formatLsn(origin)) });
        position += BigInt(by * 16);
        if (foreign && by > 0) moves.push({ pid, from, to: formatLsn(position) });
        else if (!foreign && applied) origin = position;
      }
      put({ pid: 9, from: formatLsn(position), statement: replicates(formatLsn(origin)) });
      const { unread, move } = witnessOf(decodingLog(lines.join('\n')), watched, SEEN);
      expect(unread).toBeNull();
      expect(move).toEqual(moves.length === 0 ? null : expect.objectContaining(moves.at(-1)));
    }),
  );
});

test('the one from furthest on is the last', () => {
  const move = (from: string) => ({ at: 'x', pid: 1, by: null, from, to: null });
  expect(lastOf([null, move('0/F0'), move('1/0'), null, move('0/FF')])).toEqual(move('1/0'));
  expect(lastOf([null])).toBeNull();
});

test('however long its lines, reading them takes time in proportion', () => {
  const hostile = (length: number) =>
    ['@', ':', 'a:@', '[1]', 'LOG: '].map((part) => `${at(1)}:${part.repeat(length)}`).join('\n');
  const took = (length: number): number => {
    const began = performance.now();
    decodingLog(hostile(length));
    return performance.now() - began;
  };
  const best = (length: number): number => Math.min(...[1, 2, 3].map(() => took(length)));
  took(10_000);
  // Ten times as long; where each part was looked at again for each other one it would take a hundred times as long.
  expect(best(400_000)).toBeLessThan(40 * best(40_000));
});
