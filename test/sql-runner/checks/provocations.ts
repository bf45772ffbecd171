import type { Finding } from '../../../sql-runner/engine/change';
import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { type Draft, edit } from '../support/observations';
import { sourceContract } from '../support/contract';
import { findingsOf, healthy, type Surveyed } from '../support/surveys';

export type Edit = (world: Draft<Surveyed>) => void;
/** Code, severity, what makes it fire (and nothing else), and what the fix must name. */
export type Fires = readonly [code: string, severity: Finding['severity'], change: Edit, next: string];

export const contract = sourceContract(['shop']);
/** What is found in a healthy environment once it is changed so. */
export const after = (change: Edit): Finding[] => findingsOf(edit(healthy(contract), change));

export const root = { rootSchema: 'public', rootName: 'orders' };
export const leaf = { ...root, schema: 'parts', name: 'orders_1' };
export const unconnected: Edit = ({ target }) => (target.databases.shop!.subscriptions = []);
export const open = {
  pid: 99,
  user: 'app',
  database: 'ledger',
  applicationName: 'batch',
  state: 'idle',
  queryStart: null,
};
export const oldPrepared = { gid: "it's", owner: 'app', database: 'shop', ageSeconds: 30 };

/** From a table that is replicated as well, unless it is unlogged. */
export const foreignKey = {
  name: 'of order',
  schema: 'public',
  table: 'lines',
  root: { schema: 'public', name: 'lines' },
  referenced: { schema: 'public', name: 'orders' },
  unlogged: true,
};

/** A partition that the publication of shop sends. */
export const sent = {
  publication: 'acas_demo_shop',
  schema: 'parts',
  name: 'orders_9',
  partition: { parentSchema: 'public', parentName: 'orders', bound: 'FOR VALUES IN (9)' },
};
export const definition: Draft<TableDigest> = {
  oid: 16409,
  schema: 'parts',
  name: 'orders_9',
  parent: null,
  digest: 'as ever',
  types: [],
  subscriptions: [],
  publications: [],
};
