import { streamOf } from '../../../sql-runner/model/streams';
import { checkForgottenStreams, wordsBeside } from '../../../sql-runner/checks/forgotten-streams';
import { sourceContract, stream } from '../support/contract';
import { edit, slot, untouched } from '../support/observations';

/** A publication of ours in a database that the environment does not name any more, with the slots that are there. */
const contract = sourceContract(['shop']);
const forgotten = (...slots: string[]) =>
  edit(untouched(contract), ({ source }) => {
    source.forgotten.push(streamOf('old', { ...stream('old'), publication: 'acas_demo_kept' }));
    source.slots.push(...slots.map((name) => slot(name, 'old')));
  }).source;
const BOTH = 'publication acas_demo_kept and slot acas_demo_old in database old are ours, and the environment does not';
const ALONE = 'publication acas_demo_kept in database old is ours, and the environment does not name it any more';

test.each([
  ['with its slot among others', ['theirs', 'acas_demo_old'], `${BOTH} name them any more`, /keeps WAL on production/],
  ['whose slot is gone', [], ALONE, /looks after it, and it may refuse writes$/],
  ['beside a slot of others', ['theirs'], ALONE, /looks after it, and it may refuse writes$/],
])('a stream %s is told as long as it stands', (_, slots, seen, why) => {
  expect(checkForgottenStreams(contract, forgotten(...slots))).toMatchObject([
    { code: 'STREAM_FORGOTTEN', severity: 'warn', seen, why: expect.stringMatching(why) },
  ]);
});

test('what a stream without a slot has left is dropped in the order in which a reset drops it', () => {
  const [finding] = checkForgottenStreams(contract, forgotten());
  expect(finding!.next).toBe(
    'no clone can follow it again; in database old on the source: DROP PUBLICATION "acas_demo_kept"; ' +
      'DROP TABLE IF EXISTS "acas_demo_kept"."acas_heartbeat"; DROP SCHEMA IF EXISTS "acas_demo_kept"; ' +
      'REVOKE CONNECT ON DATABASE "old" FROM "acas_demo";',
  );
});

test('status says what it is, and what to do', () => {
  const [words, ...others] = wordsBeside(contract, forgotten('acas_demo_old'));
  expect(others).toEqual([]);
  expect(words).toMatch(
    /^STREAM_FORGOTTEN: publication acas_demo_kept and slot acas_demo_old in database old are ours, /,
  );
  expect(words).toMatch(/; put database old back into the environment file, .* or .*: sql-runner teardown demo; or, /);
  expect(wordsBeside(contract, untouched(contract).source)).toEqual([]);
});
