import fc from 'fast-check';
import { NOTHING_INHERITABLE, type Inheritable } from '../../../sql-runner/model/inheritable';

/** Some of everything that a production cluster can have and a clone must not run. */
export const INHERITABLE: Inheritable = {
  preparedTransactions: [
    {
      gid: 'order 1',
      transaction: '800',
      owner: 'app',
      database: 'shop',
      beforeStart: true,
      mayEnd: true,
    },
  ],
  origins: [{ id: 1, name: 'pg_12000' }],
  cron: [{ database: 'ledger', mayRead: true, ownOnly: false, deactivate: 'update' }],
  cronJobs: [{ database: 'ledger', jobId: '7', name: 'nightly', active: true, digest: 'd7' }],
  eventTriggers: [
    { database: 'shop', oid: 600, name: 'ddl_audit', enabled: true, owner: 'master', mayAlter: true, extension: null },
  ],
  triggers: [
    { database: 'shop', oid: 700, schema: 'public', table: 'orders', name: 'totals', mode: 'always', beforeRow: false },
  ],
  foreignServers: [],
  publications: [
    {
      database: 'shop',
      oid: 800,
      name: 'cdc_all',
      owner: 'master',
      comment: null,
      allTables: true,
      needsIdentity: true,
      mayDrop: true,
    },
  ],
  invalidIndexes: [
    {
      database: 'shop',
      oid: 900,
      schema: 'public',
      name: 'orders_note',
      table: { schema: 'public', name: 'orders' },
      unique: true,
      ready: true,
      attached: false,
      building: false,
      owner: 'master',
      mayDrop: true,
    },
  ],
};

/** The lists, each with some entries left out or changed so that they are no copies any more. */
export function someOf(whole: Inheritable): fc.Arbitrary<Inheritable> {
  const other = <T extends object>(list: readonly T[], change: Partial<T>) =>
    fc.subarray([...list, ...list.map((item) => ({ ...item, ...change }))]);
  return fc.record({
    preparedTransactions: other(whole.preparedTransactions, { gid: 'order 2', transaction: '900', beforeStart: false }),
    origins: other(whole.origins, { id: 2, name: 'pg_13000' }),
    cron: fc.constant(whole.cron),
    cronJobs: other(whole.cronJobs, { jobId: '8', digest: 'd8' }),
    eventTriggers: other(whole.eventTriggers, { oid: 601, name: 'made_on_clone' }),
    triggers: other(whole.triggers, { oid: 701, name: 'made_on_clone' }),
    publications: other(whole.publications, { oid: 801, name: 'made_on_clone' }),
    invalidIndexes: other(whole.invalidIndexes, { oid: 901, name: 'made_on_clone' }),
    foreignServers: fc.constantFrom(NOTHING_INHERITABLE.foreignServers, [
      { database: 'shop', name: 'erp', userMappings: 1 },
    ]),
  });
}

/** Whether the source has something of that name, whichever kind: names are unique here. */
export function hasNamed(name: string, { preparedTransactions, cronJobs, ...named }: Inheritable): boolean {
  const { origins, eventTriggers, triggers, publications, invalidIndexes } = named;
  const lists = [...origins, ...eventTriggers, ...triggers, ...publications, ...invalidIndexes];
  const all = [
    ...lists.map((item) => item.name),
    ...preparedTransactions.map(({ gid }) => gid),
    ...cronJobs.map(({ jobId }) => jobId),
  ];
  return all.some((candidate) => name === candidate || name.endsWith(`."${candidate}"`));
}
