import { factsOf } from '../../../sql-runner/model/stream-state';
import type { Draft } from '../support/observations';
import type { HeartbeatFacts } from '../../../sql-runner/model/heartbeat-facts';
import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { sourceContract } from '../support/contract';
import { columns, heartbeatForm } from '../support/heartbeat-forms';
import { heartbeat } from '../support/heartbeats';
import { edit, FLUSH, following } from '../support/observations';

/** Beats that could not be read, or not as what they are, prove nothing and contradict nothing. */
const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
const SIDES = [
  ['source', 'source'],
  ['target', 'clone'],
] as const;
const BEAT = { id: 'b', previous: null, number: 1, at: '2026-01-02T03:04:05Z', passed: FLUSH };

/** The beat is on one side alone, and that side or the other is of that kind. */
function judged(side: 'source' | 'target', facts: Partial<HeartbeatFacts>, beats = [BEAT]) {
  const observation = edit(following(contract), (draft: Draft<Observation>) => {
    draft.source.databases.shop!.heartbeats = [heartbeat('acas_demo_shop', beats)];
    draft.target!.databases.shop!.heartbeats = [heartbeat('acas_demo_shop')];
    Object.assign(draft[side]!.databases.shop!.heartbeats![0]!, facts);
  });
  return judgeContinuity(contract, observation, factsOf(contract, observation, of));
}

test.each(SIDES)('where nothing is known against those of the %s they count', (side) => {
  expect(judged(side, { form: heartbeatForm() }, [])).toEqual({ kind: 'proven' });
  expect(judged(side, { form: heartbeatForm() })).toMatchObject({
    seen: expect.stringContaining('the clone has gone beyond beat 1'),
  });
});

test.each(SIDES)('those of the %s that could not be read, or have lost a column, are no proof', (side, shown) => {
  const unread = { seen: 'permission denied', next: null };
  for (const facts of [{ unread }, { form: columns({ at: { name: 'x' } }) }, { unread, form: heartbeatForm() }])
    expect(judged(side, facts)).toEqual({
      kind: 'not proven',
      seen: `the beats of acas_demo_shop in database shop could not be read on the ${shown}`,
      why: expect.stringMatching(/^only they tell whether/),
    });
});
