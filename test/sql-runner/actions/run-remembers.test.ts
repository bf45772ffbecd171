import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import { answering } from '../support/answering';
import { comparable } from '../support/comparable';
import { runIn } from '../support/run-in';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

test('a run that has compared every row remembers how often subscriptions had been altered by then', async () => {
  const world = answering(comparable());
  world.observation.target!.subscriptionUpdates = 7;
  for (const one of world.observation.target!.subscriptions)
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  expect(await runIn(world)).toBe('applied');
  const written = world.log.flatMap((line) => {
    const found = /^target (\w+): COMMENT ON SUBSCRIPTION "\w+" IS '(.*)'$/.exec(line);
    return found === null ? [] : [[found[1], ownMark(found[2]!, 'subscription', 'demo')!.updates]];
  });
  expect(written.filter(([, updates]) => updates !== undefined)).toEqual([
    ['shop', 7],
    ['ledger', 7],
  ]);
});
