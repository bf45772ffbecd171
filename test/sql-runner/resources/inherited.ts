import type { Observation } from '../../../sql-runner/model/observation';
import { INHERITABLE } from '../support/inheritables';
import { type Draft, edit, slot, subscription } from '../support/observations';

/** Everything that a clone can bring along, beside things of the same kinds that were made on it. */
export function inherited({ source, target }: Draft<Observation>): void {
  Object.assign(source, {
    inheritable: edit(INHERITABLE, () => undefined),
    subscriptions: [{ oid: 12000, name: 'feed' }],
  });
  const inheritable = edit(INHERITABLE, (draft) => {
    draft.foreignServers.push(
      { database: 'shop', name: 'erp', userMappings: 2 },
      { database: 'ledger', name: 'crm', userMappings: 0 },
    );
    draft.cron.push({ database: 'shop', mayRead: true, ownOnly: false, deactivate: null });
    draft.cronJobs.push({ database: 'shop', jobId: '7', name: null, active: true, digest: 'd7' });
    draft.cronJobs.push({ database: 'ledger', jobId: '9', name: 'made here', active: true, digest: 'd7' });
    draft.eventTriggers.push({ ...draft.eventTriggers[0]!, database: 'ledger' });
    draft.triggers.push({ ...draft.triggers[0]!, oid: 701, name: 'made here' });
    draft.origins.push({ id: 2, name: 'pg_13000' });
    const [publication, index] = [draft.publications[0]!, draft.invalidIndexes[0]!];
    draft.publications.push(
      { ...publication, oid: 801, name: 'made here' },
      { ...publication, oid: 802, name: 'of somebody', owner: 'dba', mayDrop: false },
      { ...publication, oid: 803, name: 'acas_demo_shop' },
    );
    draft.invalidIndexes.push(
      { ...index, oid: 901, name: 'made here' },
      { ...index, oid: 902, name: 'attached', attached: true },
    );
  });
  Object.assign(target!, { inheritable });
  const copies = [source.inheritable, target!.inheritable];
  for (const { cronJobs } of copies)
    cronJobs.push({ database: 'shop', jobId: '8', name: null, active: true, digest: 'd8' });
  for (const { cron, cronJobs } of copies) {
    cron.push({ database: 'books', mayRead: true, ownOnly: false, deactivate: 'alter_job' });
    cronJobs.push({ database: 'books', jobId: '1', name: null, active: true, digest: 'd1' });
  }
  source.inheritable.publications.push(
    { ...source.inheritable.publications[0]!, oid: 802, name: 'of somebody' },
    { ...source.inheritable.publications[0]!, oid: 803, name: 'acas_demo_shop' },
  );
  source.inheritable.invalidIndexes.push({ ...source.inheritable.invalidIndexes[0]!, oid: 902, name: 'attached' });
  source.inheritable.eventTriggers.push({ ...source.inheritable.eventTriggers[0]!, oid: 610, name: 'gone since' });
  source.inheritable.triggers.push({ ...source.inheritable.triggers[0]!, oid: 710, name: 'gone since' });
  for (const { preparedTransactions } of copies)
    preparedTransactions.push({ ...preparedTransactions[0]!, gid: 'order 2', transaction: '801', beforeStart: false });
  source.inheritable.preparedTransactions.push({ ...source.inheritable.preparedTransactions[0]!, gid: 'gone since' });
  source.inheritable.origins.push({ id: 9, name: 'pg_14000' }, { id: 8, name: 'pg_15000' });
  target!.inheritable.origins.push({ id: 8, name: 'pg_14000' });
  source.subscriptions.push({ oid: 12001, name: 'other' }, { oid: 12002, name: 'still' }, { oid: 12003, name: 'rest' });
  const more = [
    { id: 3, name: 'bucardo' },
    { id: 4, name: 'xpg_1' },
    { id: 5, name: 'pg_11000' },
    { id: 6, name: 'pg_11000_16400' },
    { id: 7, name: 'pg_11000_x' },
  ];
  source.inheritable.origins.push(...more);
  target!.inheritable.origins.push(...more);
  target!.subscriptions.push(
    subscription('feed', 'shop', { oid: 12000, comment: null, enabled: true }),
    subscription('feed', 'ledger', { oid: 12001, comment: null, enabled: true, slotName: null }),
    subscription('still', 'ledger', { oid: 12002, comment: null, slotName: null, enabled: true }),
    subscription('rest', 'ledger', { oid: 12003, comment: null }),
  );
  target!.slots.push(slot('dms', 'shop', { restartLsn: null }), slot('busy', 'shop', { active: true }));
}
