import { streamOf } from '../../../sql-runner/model/streams';
import { troubleOf } from '../../../sql-runner/checks/stream-trouble';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { streamsAtWork } from '../support/surveyed-streams';
import { stream } from '../support/contract';

/** The line of one stream; which conditions there are is told in stream-findings.test.ts. */
const contract = sourceContract(['shop', 'ledger']);
const of = (database: string) => streamOf(database, stream(database));
const disabled = edit(streamsAtWork(contract), ({ looks }) => {
  looks.acas_demo_ledger!.last.worker!.enabled = false;
});

test('each stream is told its own trouble only', () => {
  expect(troubleOf(contract, disabled, of('shop'))).toBeNull();
  expect(troubleOf(contract, disabled, of('ledger'))).toBe(
    'SUBSCRIPTION_DISABLED: subscription acas_demo_ledger in database ledger is disabled',
  );
});

test('all that is the matter with one is told', () => {
  const both = edit(disabled, (seen) => (seen.passwordWorks = false));
  expect(troubleOf(contract, both, of('ledger'))).toMatch(
    /^SUBSCRIPTION_DISABLED: .* is disabled; SOURCE_REFUSES_LOGIN: the source does not let acas_demo log in /,
  );
});

test('a password that does not work is trouble of every stream, which goes on until it has to connect again', () => {
  const refused = edit(streamsAtWork(contract), (seen) => (seen.passwordWorks = false));
  expect(troubleOf(contract, refused, of('shop'))).toMatch(/^SOURCE_REFUSES_LOGIN: [^;]*$/);
});

test('it is none of a stream whose subscription was given one that works', () => {
  const given = edit(streamsAtWork(contract), (seen) =>
    Object.assign(seen, {
      passwordWorks: false,
      givenPasswordsWork: { acas_demo_shop: true, acas_demo_ledger: false },
    }),
  );
  expect(troubleOf(contract, given, of('shop'))).toBeNull();
  expect(troubleOf(contract, given, of('ledger'))).toMatch(/^SOURCE_REFUSES_LOGIN: /);
});
