import type { SourceContract } from '../../../contract/contract';
import type { StreamStatus } from '../../../sql-runner/actions/status';
import type { Watch } from '../../../sql-runner/actions/watch';
import { catalogReads, toldWorld, watching } from '../support/watched-world';

test('what of its budget a stream uses moves with each look, and with it whether it costs too much', async () => {
  const { world, now } = toldWorld();
  const { source, target } = world.contracts;
  const budgeted: SourceContract = { ...source, budget: { bytes: 0x100, hours: null, onBudget: 'release' } };
  Object.assign(world, { contracts: { source: budgeted, target } });
  const budget = async (watch: Watch) => {
    const [{ budgetUsed, problems, next }] = (await watch.sample()).status.streams as [StreamStatus];
    return [budgetUsed, problems.map(({ code }) => code), next !== null];
  };
  await watching(world, async (watch) => {
    expect(await budget(watch)).toEqual([0, [], false]);
    const read = catalogReads(world);
    now.flushLsn = '0/4000080';
    expect(await budget(watch)).toEqual([0.5, [], false]);
    [now.flushLsn, now.confirmed] = ['0/4000300', { shop: '0/4000100', ledger: '0/4000100' }];
    expect(await budget(watch)).toEqual([2, ['WAL_BUDGET_EXCEEDED'], true]);
    now.confirmed = { shop: '0/4000300', ledger: '0/4000300' };
    expect(await budget(watch)).toEqual([0, [], false]);
    expect(catalogReads(world)).toBe(read);
  });
});
