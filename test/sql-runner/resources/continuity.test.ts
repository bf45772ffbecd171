import { factsOf } from '../../../sql-runner/model/stream-state';
import { continuityFinding, judgeContinuity } from '../../../sql-runner/resources/continuity';
import { streamsOf } from '../../../sql-runner/model/streams';
import { formatMark } from '../../../sql-runner/model/mark';
import { digestOf, rememberedAlterations } from '../../../sql-runner/resources/publication-rows';
import { sourceContract } from '../support/contract';
import { cloned, CONFIRMED, edit, FLUSH, following, NONCE, SEED, withStream } from '../support/observations';

const contract = sourceContract();
const shop = streamsOf(contract).find(({ database }) => database === 'shop')!;
const judge = (observation: ReturnType<typeof following>) =>
  judgeContinuity(contract, observation, factsOf(contract, observation, shop));
const heartbeatComment = formatMark({ kind: 'heartbeat', environment: contract.environment });
const kind = (observation: ReturnType<typeof following>) => judge(observation)?.kind;
const disabled = (progress: string) => withStream(contract, cloned(contract), 'shop', { enabled: false, progress });
const slotAt = (observation: ReturnType<typeof following>, confirmed: string | null) =>
  edit(observation, ({ source }) => {
    source.slots.find(({ name }) => name === shop.stream.slot)!.confirmedFlushLsn = confirmed;
  });

test('a stream that has not begun is not judged', () => {
  expect(judge(cloned(contract))).toBeNull();
  expect(judge(withStream(contract, cloned(contract), 'shop', { enabled: false, progress: null }))).toBeNull();
});

test('one that was never read is as the bootstrap left it; one that somebody disabled is not proven', () => {
  expect(kind(disabled(SEED))).toBe('proven');
  expect(kind(slotAt(disabled(SEED), SEED))).toBe('not proven');
  expect(kind(slotAt(disabled(SEED), null))).toBe('not proven');
  expect(kind(disabled(FLUSH))).toBe('not proven');
});

test('one that follows is proven up to the last byte that the source has written, and broken beyond', () => {
  expect(kind(following(contract))).toBe('proven');
  const at = (progress: string) => withStream(contract, cloned(contract), 'shop', { enabled: true, progress });
  expect(kind(at(FLUSH))).toBe('proven');
  expect(kind(at('0/4000001'))).toBe('broken');
  expect(continuityFinding(contract, judge(at('0/4000001')))).toMatchObject({ severity: 'block' });
});

test('a beat that the slot has given away, and nobody has applied, is lost; one that was passed is for the rows', () => {
  const beat = { id: 'b', previous: null, number: 1, at: '2026-01-02T03:04:05Z', lsn: FLUSH, passed: FLUSH };
  const of = (beats: object[]) => [{ schema: shop.stream.publication, comment: heartbeatComment, beats }];
  const behind = edit(following(contract), ({ source, target }) => {
    Object.assign(source.databases.shop!, { heartbeats: of([beat]) });
    Object.assign(target!.databases.shop!, { heartbeats: of([]) });
    Object.assign(target!.databases.shop!.streams[shop.stream.subscription]!, { originProgress: SEED });
  });
  expect(kind(slotAt(behind, SEED))).toBe('proven');
  expect(judge(slotAt(behind, FLUSH))).toMatchObject({ kind: 'broken', finding: { code: 'HISTORY_DIFFERS' } });
  const beyond = edit(behind, ({ target }) => {
    Object.assign(target!.databases.shop!.streams[shop.stream.subscription]!, { originProgress: FLUSH });
  });
  expect(continuityFinding(contract, judge(beyond))).toMatchObject({
    severity: 'warn',
    code: 'CONTINUITY_NOT_PROVEN',
    seen: expect.stringContaining('the clone has gone beyond beat 1'),
    why: expect.stringContaining('somebody deleted it there'),
    next: expect.stringContaining('sql-runner apply demo lets it go on and compares every row'),
  });
  const comment = (beat: object) =>
    formatMark({
      ...{ kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: '1' },
      ...beat,
    } as never);
  const compared = (id: string) =>
    edit(beyond, ({ target }) => {
      const { subscription } = target!.databases.shop!.streams[shop.stream.subscription]!;
      Object.assign(subscription!, { comment: comment({ beat: { id, number: 1 } }) });
    });
  expect([kind(compared('b')), kind(compared('x'))]).toEqual(['proven', 'not proven']);
});

test('the doubt stays in the mark after it was enabled', () => {
  const unproven = { origin: SEED, confirmed: CONFIRMED };
  const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: '1' } as const;
  const comment = formatMark({ ...mark, unproven });
  const at = { enabled: true, progress: FLUSH, subscription: { comment } };
  const doubtful = withStream(contract, cloned(contract), 'shop', at);
  expect(kind(doubtful)).toBe('not proven');
  expect(continuityFinding(contract, judge(doubtful))).toMatchObject({
    severity: 'warn',
    code: 'CONTINUITY_NOT_PROVEN',
  });
});

const rows = (self: string, orders: string) => ({ self, members: { 'public.orders': orders }, tables: {}, types: {} });
const withRows = (
  here: ReturnType<typeof rows>,
  there: ReturnType<typeof rows>,
  published?: string,
  alterations?: string[],
) => {
  const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: '1' } as const;
  const comment = formatMark(published === undefined ? mark : { ...mark, published, alterations });
  const at = { enabled: true, progress: FLUSH, subscription: { comment } };
  return edit(withStream(contract, cloned(contract), 'shop', at), ({ source, target }) => {
    const of = (list: { name: string }[]) => list.find(({ name }) => name === shop.stream.publication)!;
    Object.assign(of(source.databases.shop!.publications), { rows: here });
    Object.assign(of(target!.databases.shop!.publications), { rows: there });
  });
};

test('a publication altered since the clone was taken is not proven, until its rows were compared in that state', () => {
  const inherited = rows('1 10', '2 3 10');
  expect(kind(withRows(inherited, inherited))).toBe('proven');
  const again = rows('1 10', '4 3 11');
  expect(judge(withRows(again, inherited))).toMatchObject({ seen: expect.stringContaining('public.orders') });
  expect(kind(withRows(rows('1 11', '2 3 10'), inherited))).toBe('not proven');
  expect(kind(withRows(again, inherited, digestOf(again, inherited)))).toBe('proven');
  expect(kind(withRows(rows('1 11', '4 3 11'), inherited, digestOf(again, inherited)))).toBe('not proven');
});

test('without the copy that the clone came with, nothing tells what was altered', () => {
  const without = edit(following(contract), ({ target }) => (target!.databases.shop!.publications.length = 0));
  expect(judge(without)).toMatchObject({ kind: 'broken', finding: { code: 'INHERITED_COPY_GONE' } });
});

test('a copy of our mark: not proven where it stands well, refused where it stands nowhere', () => {
  const copied = (made: string | null, enabled: boolean, progress: string | null) => {
    const mark = {
      kind: 'subscription',
      environment: 'demo',
      nonce: NONCE,
      seedLsn: SEED,
      secretVersion: '1',
    } as const;
    const comment = formatMark({ ...mark, made: 'pg_1 5' });
    return edit(
      withStream(contract, cloned(contract), 'shop', { enabled, progress, subscription: { comment } }),
      ({ target }) => (target!.databases.shop!.streams[shop.stream.subscription]!.made = made),
    );
  };
  expect(kind(copied('pg_1 5', true, FLUSH))).toBe('proven');
  expect(judge(copied('pg_1 5', false, null))).toBeNull();
  for (const made of ['pg_2 5', 'pg_1 6', null]) {
    expect(kind(copied(made, true, FLUSH))).toBe('not proven');
    expect(kind(copied(made, false, FLUSH))).toBe('not proven');
    expect(judge(copied(made, false, null))).toMatchObject({ finding: { code: 'ORIGIN_BEHIND_SEED' } });
  }
});

test('updates of subscriptions that nothing explains are not proven; what is visible explains one', () => {
  const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: '1' } as const;
  const counted = (updates: number | undefined, now: number | null, ledger = true) => {
    const at = { enabled: true, progress: FLUSH, subscription: { comment: formatMark({ ...mark, updates }) } };
    const both = withStream(contract, withStream(contract, cloned(contract), 'shop', at), 'ledger', {
      enabled: ledger,
      progress: FLUSH,
    });
    return edit(both, ({ target }) => Object.assign(target!, { subscriptionUpdates: now }));
  };
  expect(kind(counted(7, 7))).toBe('proven');
  expect(judge(counted(7, 8))).toMatchObject({ kind: 'not proven', seen: expect.stringContaining('altered once by') });
  expect(judge(counted(7, 10))).toMatchObject({ seen: expect.stringContaining('altered 3 times by') });
  expect(kind(counted(7, 8, false))).toBe('proven');
  expect(kind(counted(7, 9, false))).toBe('not proven');
  // Where the count began anew, all that it has came later.
  expect(judge(counted(7, 2))).toMatchObject({ seen: expect.stringContaining('altered 2 times by') });
  // It began anew, is not known, or nobody has counted yet.
  for (const [then, now] of [
    [7, 0],
    [7, null],
    [undefined, 9],
  ] as const)
    expect(kind(counted(then, now))).toBe('proven');
});

test('what was altered again is told without what the rows were compared under, as far as that is remembered', () => {
  const table = (members: Record<string, string>) => ({ self: '1 10', members, tables: {}, types: {} });
  const inherited = table({ 'public.orders': '2 3 10', 'public.lines': '3 4 10' });
  const first = table({ 'public.orders': '5 3 11', 'public.lines': '3 4 10' });
  const both = table({ 'public.orders': '5 3 11', 'public.lines': '6 4 12' });
  const [published, known] = [digestOf(first, inherited), rememberedAlterations(first, inherited)];
  const told = (here: typeof both, alterations?: string[]) => {
    const judged = judge(withRows(here as never, inherited as never, published, alterations));
    return judged?.kind === 'not proven' ? judged.seen.slice(judged.seen.indexOf('since')) : judged?.kind;
  };
  const again = 'since its rows were compared, and may have been put back: public.lines';
  expect(told(both, known)).toBe(again);
  expect(told(both)).toBe('since the clone was taken, and may have been put back: public.orders, public.lines');
  expect(told(first, known)).toBe('proven');
  // Once more altered, it is another state of the same table.
  const anew = table({ 'public.orders': '7 3 13', 'public.lines': '3 4 10' });
  expect(told(anew, known)).toBe('since the clone was taken, and may have been put back: public.orders');
});

test('no more alterations are remembered than a mark can bear', () => {
  const members = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`public.t${index}`, `${index} 1 10`]));
  const none = { self: '1 10', members: {}, tables: {}, types: {} };
  expect(rememberedAlterations({ ...none, members }, none)).toBeUndefined();
  expect(rememberedAlterations(none, none)).toBeUndefined();
});
