import type { EngineEvent } from '../../../sql-runner/model/events';
import { eventually } from '../../support/eventually';
import { carryOut } from '../../sql-runner/checks/printed-fix';
import { type AlteredLab, alter, IN_SYNC, SUBSCRIPTION } from './altered-lab';
import { refusalOf } from './direct-lab';
import { startReader } from './provocations';

/** A table leaves the publication and comes back while apply waits for its beat, which somebody holds up. */
export async function alteredMeanwhile(lab: AlteredLab): Promise<void> {
  const holder = await lab.world.clone('shop');
  await holder.query('BEGIN');
  await holder.query(`LOCK TABLE ${SUBSCRIPTION}.acas_heartbeat IN SHARE MODE`);
  const said: string[] = [];
  const meddle = async () => {
    await lab.onSource(...['DROP', 'ADD'].map((verb) => `ALTER PUBLICATION ${SUBSCRIPTION} ${verb} TABLE orders`));
    await holder.end();
  };
  let meddled: Promise<void> | undefined;
  const listener = ({ type }: EngineEvent) => {
    said.push(type);
    if (type === 'planned') meddled = meddle();
  };
  expect(await refusalOf(lab.world.run('apply', { listener }))).toBe('CONTINUITY_NOT_PROVEN');
  await meddled;
  expect(said).not.toContain('in-sync');
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
}

/** As the sender of a connection that has broken, which the source still takes for alive. */
export async function otherReader(lab: AlteredLab): Promise<void> {
  await lab.onClone(alter('DISABLE'));
  await eventually(async () => (await lab.onSource('SELECT FROM pg_replication_slots WHERE active')).length === 0);
  const reader = await startReader(lab.world, SUBSCRIPTION);
  await lab.onClone(alter('ENABLE'));
  await lab.write();
  const { finding } = await lab.expectSaid('APPLY_WORKER_STOPPED', /is read by process \d+ \(\w+\)/);
  await carryOut(finding, await lab.world.source('shop'), 'APPLY_WORKER_STOPPED');
  await reader.end().catch(() => undefined);
  expect(await lab.applied()).toEqual(IN_SYNC);
  await lab.expectWell();
}
