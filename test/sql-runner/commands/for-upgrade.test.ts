import { forUpgrade } from '../../../sql-runner/commands/for-upgrade';
import { sourceContract } from '../support/contract';

const contract = sourceContract();
const text = (owned?: boolean) => forUpgrade({ ...contract, owned }).replace(/\s+/g, ' ');

test('what has to go beside the slots fits a terminal', () => {
  expect(
    Math.max(
      ...forUpgrade(contract)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(80);
  expect(text()).toContain(`cdktf destroy ${contract.stacks.target} && cdktf destroy ${contract.stacks.source}`);
  expect(text()).not.toContain('mode: existing');
});

test('a source stack that has production in its state would refuse, and lets it go before', () => {
  const [, letGo, destroy] = /with (mode: existing).*(cdktf destroy \S+-target)/.exec(text(true))!;
  expect([letGo, destroy]).toEqual(['mode: existing', `cdktf destroy ${contract.stacks.target}`]);
});
