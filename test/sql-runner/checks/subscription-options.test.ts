import type { OptionName } from '../../../sql-runner/postgres/catalog/subscription-options';
import { alteredFindings } from '../../../sql-runner/checks/subscription-options';
import { streamsOf } from '../../../sql-runner/model/streams';
import { unaltered } from '../support/subscription-values';
import { after, contract } from './provocations';

/** What several alterations of one subscription are told as; each alone is in fires-on-options.ts. */
const altered = (values: Partial<Record<OptionName, string>>) => {
  const [finding, ...others] = after(({ target }) =>
    Object.assign(target.databases.shop!.subscriptionOptions[0]!.values, values),
  );
  expect(others).toEqual([]);
  return finding!;
};

test('what each of them does is said, once', () => {
  const { seen, why } = altered({ origin: 'none', binary: 'true', disable_on_error: 'true' });
  expect(seen).toMatch(/^subscription acas_demo_shop in database shop was altered: .*origin.*binary.*disable_on_error/);
  const reasons = why.split('; ');
  expect(reasons).toHaveLength(3);
  expect(reasons[0]).toBe('changes that the source itself got by replication are left out');
});

test('one of them that may have lost rows is enough for a comparison of every row', () => {
  expect(altered({ origin: 'none', binary: 'true' }).next).toMatch(/and compares every row/);
  expect(altered({ binary: 'true', disable_on_error: 'true' }).next).not.toContain('compares');
});

test.each<[string, (options: ReturnType<typeof unaltered>) => unknown]>([
  ['SUBSCRIPTION_ALTERED', ({ values }) => (values.binary = 'true')],
  ['SUBSCRIPTION_NOT_OWNED', (options) => (Object.assign(options, { mayAlter: false }).values.owner = 'somebody')],
  ['SUBSCRIPTION_FOR_SUPERUSERS', ({ values }) => (values.password_required = 'false')],
])('%s is told by a plan as doctor tells it, and alone', (code, change) => {
  const [of] = streamsOf(contract);
  const options = unaltered('shop', of!.stream);
  change(options);
  const doctors = after(({ target }) => (target.databases.shop!.subscriptionOptions = [options]));
  expect(doctors.map((finding) => finding.code)).toEqual([code]);
  expect(alteredFindings(contract, of!, options)).toEqual(doctors);
});
