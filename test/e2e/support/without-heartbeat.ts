import type { EngineEvent } from '../../../sql-runner/model/events';
import { printedNewClone } from '../../sql-runner/checks/printed-fix';
import { diagnosisOf } from './looks';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

const CODE = 'HEARTBEAT_MISSING';

/** Dropped on the source between the ticket and the clone: it follows, what is not proven is said, and a new clone has one. */
export async function withoutHeartbeat(world: DirectLab): Promise<void> {
  await execute(await world.source('shop'), ['DROP TABLE acas_demo_shop.acas_heartbeat']);
  const said = async () => (await world.plan()).findings.filter(({ code }) => code === CODE).map(({ seen }) => seen);
  expect(await said()).toEqual([expect.stringMatching(/database shop, .* is not on the source$/)]);
  await world.deployTarget();
  const events: EngineEvent[] = [];
  await world.run('apply', { listener: (event) => events.push(event) });
  expect(events).toContainEqual(expect.objectContaining({ type: 'in-sync', unproven: ['shop'] }));
  expect(await said()).toEqual([expect.stringMatching(/ is on neither side$/)]);
  const { results } = await diagnosisOf(world);
  const [finding] = results.find(({ code }) => code === CODE)!.findings;
  const [[reset], , [apply]] = printedNewClone(finding!, 'HEARTBEAT_MISSING') as [string[], string[], string[]];
  await world.run(reset as 'reset');
  await world.deployTarget();
  await world.run(apply as 'apply');
  expect(await said()).toEqual([]);
}
