import type { HeartbeatElsewhere } from '../../../sql-runner/model/heartbeat-facts';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planHeartbeat } from '../../../sql-runner/resources/heartbeat';
import { sourceContract } from '../support/contract';
import { edit, untouched } from '../support/observations';

const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];

test.each<[string, HeartbeatElsewhere]>([
  ['table in its own schema', { schema: 'acas_demo_shop', table: 'moved' }],
  ['table in another schema', { schema: 'elsewhere', table: 'acas_heartbeat' }],
  ['schema', { schema: 'elsewhere', table: null }],
])('no second heartbeat is made beside one that is there as another %s', (_, there) => {
  const { source } = edit(untouched(contract), (draft) => {
    Object.assign(draft.source.databases.shop!, { heartbeatsElsewhere: [there] });
  });
  expect(planHeartbeat(contract, source, of, true)).toEqual({ changes: [], findings: [] });
});
