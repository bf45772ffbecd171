import { setTimeout as pause } from 'node:timers/promises';
import { formatMark } from '../../../sql-runner/model/mark';
import { applyWorkers } from '../../../sql-runner/postgres/catalog/apply-workers';
import { slotReaders } from '../../../sql-runner/postgres/catalog/senders';
import { currentFlushLsn } from '../../../sql-runner/postgres/catalog/server';
import { tell } from '../support/facts';
import { newWorld, sqlError } from '../support/fake-world';
import { prepared } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import { catalogReads, NAMES, slotOf, states, toldWorld, watching } from '../support/watched-world';

test('after a whole look only the positions are read, over the same sessions', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    expect(await states(watch)).toEqual([
      ['streaming', 0],
      ['streaming', 0],
    ]);
    const [read, connects] = [catalogReads(world), world.log.filter((line) => line.startsWith('connect')).length];
    expect(read).toBeGreaterThan(0);
    now.flushLsn = '0/4000100';
    now.confirmed = { shop: '0/4000080', ledger: '0/4000100' };
    await pause(2_000);
    const { status, histories } = await watch.sample();
    expect(status.streams[0]).toMatchObject({ state: 'streaming', lagBytes: 0x80, confirmedLsn: '0/4000080' });
    expect(histories.get(slotOf('shop'))!.lags(2)).toEqual([0, 0x80]);
    expect(histories.get(slotOf('shop'))!.pace().behindSeconds).toBeCloseTo(2, 0);
    expect(histories.get(slotOf('ledger'))!.lags(2)).toEqual([0, 0]);
    expect(catalogReads(world)).toBe(read);
    expect(world.log.filter((line) => line.startsWith('connect'))).toHaveLength(connects);
  });
});

test('one that falls behind catches up, and that alone is no reason to read everything', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    const read = catalogReads(world);
    [now.flushLsn, now.confirmed.ledger] = ['0/5000000', '0/5000000'];
    await watch.sample();
    now.confirmed.shop = '0/4000800';
    expect(await states(watch)).toEqual([
      ['catching up', 0x5000000 - 0x4000800],
      ['streaming', 0],
    ]);
    expect(catalogReads(world)).toBe(read);
  });
});

test('one that was catching up at the whole look streams as soon as it has', async () => {
  const { world, now } = toldWorld();
  [now.flushLsn, now.confirmed.ledger] = ['0/5000000', '0/5000000'];
  let confirmed = 0x4000000;
  // Further at each of the two looks of a whole status.
  Object.defineProperty(now.confirmed, 'shop', {
    get: () => `0/${Math.min((confirmed += 16), 0x5000000).toString(16)}`,
  });
  await watching(world, async (watch) => {
    expect((await states(watch))[0]![0]).toBe('catching up');
    const read = catalogReads(world);
    confirmed = 0x5000000;
    expect((await states(watch))[0]).toEqual(['streaming', 0]);
    expect(catalogReads(world)).toBe(read);
  });
});

test('what its worker tells is told at each look', async () => {
  const { world, now } = toldWorld();
  now.worker = { applyErrors: 2 };
  await watching(world, async (watch) => {
    for (const _ of ['whole', 'brief'])
      expect((await watch.sample()).status.streams).toMatchObject([
        { applyErrors: 2, slotRead: true, lastMessage: '2026-01-02T03:04:05.000000Z' },
        { applyErrors: 0, slotRead: true, lastMessage: '2026-01-02T03:04:05.000000Z' },
      ]);
  });
});

test('one that is not connected has no lag and no history, whatever its slot says', async () => {
  const { world } = toldWorld();
  tell(world.facts, applyWorkers, () => [workerAtWork(slotOf('shop'), 'shop')]);
  for (const one of world.observation.target!.subscriptions.filter(({ database }) => database === 'ledger'))
    one.comment = null;
  await watching(world, async (watch) => {
    for (const _ of ['whole', 'brief']) {
      const { status, histories } = await watch.sample();
      expect(status.streams.map(({ lagBytes }) => lagBytes)).toEqual([0, null]);
      expect([...histories.keys()]).toEqual([slotOf('shop')]);
    }
  });
});

test('one that is not proven stays so, however well its worker moves', async () => {
  const { world } = toldWorld();
  for (const one of world.observation.target!.subscriptions)
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  await watching(world, async (watch) => {
    const [whole, brief] = [await states(watch), await states(watch)];
    expect(whole[0]![0]).toBe('not proven');
    expect(brief).toEqual(whole);
  });
});

test('whatever stands otherwise is looked at in whole at once, and is said as status says it', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    now.worker = { enabled: false };
    world.observation.target!.databases.shop!.streams[slotOf('shop')]!.subscription!.enabled = false;
    const { status } = await watch.sample();
    expect(status.streams[0]).toMatchObject({
      state: 'disabled',
      problems: [{ seen: expect.stringMatching(/disabled/) }],
    });
    const read = catalogReads(world);
    expect((await watch.sample()).status.streams[0]!.state).toBe('disabled');
    expect(catalogReads(world)).toBe(read);
  });
});

test('where another one reads than at the look before, what was there in between is looked at at once', async () => {
  const { world } = toldWorld();
  let since = '2026-01-02T03:00:00.000000Z';
  tell(world.facts, slotReaders, () => NAMES.map((name) => ({ ...readerAtWork(slotOf(name)), since })));
  await watching(world, async (watch) => {
    const [before] = (await watch.sample()).status.streams;
    const read = catalogReads(world);
    await watch.sample();
    expect(catalogReads(world)).toBe(read);
    since = '2026-01-02T03:00:07.000000Z';
    const [after] = (await watch.sample()).status.streams;
    expect(catalogReads(world)).toBe(2 * read);
    const cameAt = (stream = before!) => /reader came at (\S+) was not looked at/.exec(stream.evidence.at(-1)!)?.[1];
    expect([cameAt(), cameAt(after)]).toEqual(['2026-01-02T03:00:00.000000Z', since]);
  });
});

test('who was there is asked for again soon while the log does not tell of one that has just come', async () => {
  const { world } = toldWorld();
  const since = new Date(Date.now() - 1_000).toISOString();
  tell(world.facts, slotReaders, () =>
    NAMES.map((name) => ({ ...readerAtWork(slotOf(name)), since, sinceSeconds: 1 })),
  );
  await watching(world, async (watch) => {
    await watch.sample();
    const read = catalogReads(world);
    await pause(6_000);
    await watch.sample();
    expect(catalogReads(world)).toBe(2 * read);
    await pause(56_000);
    await watch.sample();
    await pause(6_000);
    await watch.sample();
    expect(catalogReads(world)).toBe(3 * read);
  });
});

test('what only the catalogs tell is read each minute, and whenever it is asked for', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    const once = catalogReads(world);
    await pause(59_000);
    const brief = await watch.sample();
    expect(brief.at.getTime() - brief.wholeAt.getTime()).toBeGreaterThanOrEqual(59_000);
    expect(catalogReads(world)).toBe(once);
    await pause(1_500);
    const whole = await watch.sample();
    expect(whole.at.getTime() - whole.wholeAt.getTime()).toBeLessThan(1_000);
    expect(catalogReads(world)).toBe(2 * once);
    await watch.sample(true);
    expect(catalogReads(world)).toBe(3 * once);
  });
});

test('before there is a clone everything is read each time', async () => {
  const world = newWorld(prepared);
  await watching(world, async (watch) => {
    expect(await states(watch)).toEqual(NAMES.map(() => ['waiting for the clone', null]));
    const once = catalogReads(world);
    const open = [...world.open];
    expect((await watch.sample()).histories.size).toBe(0);
    expect(catalogReads(world)).toBe(2 * once);
    expect([...world.open]).toEqual(open);
  });
});

test('sessions that somebody has ended are opened again without a word', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    let ended = false;
    world.onSql = () => (ended ? undefined : ((ended = true), sqlError('57P01')));
    tell(world.facts, currentFlushLsn, () => undefined);
    expect((await watch.sample()).status).toMatchObject({ clone: 'deployed', unread: null });
    expect(ended).toBe(true);
  });
});

test('of a clone that cannot be reached the source tells; once it can, all is as before', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    const gone = ({ side }: { side: string }) => (side === 'target' ? sqlError('53300') : undefined);
    [world.onConnect, world.onSql] = [gone, (_, at) => gone(at)];
    tell(world.facts, applyWorkers, () => {
      throw sqlError('57P01');
    });
    const { status, histories } = await watch.sample();
    expect([status.clone, status.streams[0]!.state, histories.size]).toEqual(['not reached', 'clone not reached', 0]);
    [world.onConnect, world.onSql] = [() => undefined, () => undefined];
    tell(world.facts, applyWorkers, () => NAMES.map((name) => workerAtWork(slotOf(name), name)));
    expect((await watch.sample()).status.clone).toBe('deployed');
  });
});

test('where neither side can be reached, why is said; the next look begins anew', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    world.onConnect = () => sqlError('53300');
    await watch.close();
    world.log.length = 0;
    await expect(watch.sample()).rejects.toMatchObject({ code: expect.stringMatching(/CONNECT/) });
    const tried = world.log.filter((line) => line.startsWith('connect source')).length;
    await expect(watch.sample()).rejects.toMatchObject({ code: expect.stringMatching(/CONNECT/) });
    expect(world.log.filter((line) => line.startsWith('connect source'))).toHaveLength(2 * tried);
    expect(tried).toBe(1);
    world.onConnect = () => undefined;
    expect((await watch.sample()).status.clone).toBe('deployed');
  });
});
