import type { Code } from '../../../errors/codes';
import type { Finding } from '../../../sql-runner/model/change';
import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { type Draft, edit } from '../support/observations';
import { sourceContract } from '../support/contract';
import { findingsOf, healthy, type Surveyed } from '../support/surveys';

export type Edit = (world: Draft<Surveyed>) => void;
/** Code, severity, what makes it fire (and nothing else), and what the fix must name. */
export type Fires = readonly [code: Code, severity: Finding['severity'], change: Edit, next: string];

export const contract = sourceContract(['shop']);
/** What is found in a healthy environment once it is changed so. */
export const after = (change: Edit): Finding[] => findingsOf(edit(healthy(contract), change));

export const root = { rootSchema: 'public', rootName: 'orders' };
export const leaf = { ...root, schema: 'parts', name: 'orders_1' };
export const unconnected: Edit = ({ target }) => (target.databases.shop!.subscriptionOptions = []);
export const open = {
  pid: 99,
  user: 'app',
  database: 'ledger',
  applicationName: 'batch',
  state: 'idle',
  queryStart: null,
  statement: null,
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

/** An expression of a partition, and what is known of the function that it calls. */
export const use = {
  ...root,
  schema: 'parts',
  table: 'orders_1',
  tableOid: 16400,
  owner: 'app',
  kind: 'index' as const,
  catalog: 'pg_class',
  objectOid: 16500,
  object: 'orders_1_norm',
  functionOid: 16600,
  signature: 'public.norm(text)',
  functionSchema: 'public',
  language: 'plpgsql',
  volatile: false,
  body: '',
  looksUp: true,
  ownerMayExecute: false,
};
export const judged = {
  signature: use.signature,
  trial: 'untried' as const,
  error: null,
  path: ['public'],
  openNames: ['public.strip'],
  uses: [use],
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
  inherits: [],
  bound: null,
  digest: 'as ever',
  types: [],
  subscriptions: [],
  publications: [],
};

/** A publication of the source that is not ours. */
export const feed = {
  oid: 800,
  name: 'Feed',
  owner: 'app',
  comment: null,
  allTables: true,
  needsIdentity: true,
  mayDrop: true,
};

/** An index whose building was broken off. */
export const halfBuilt = {
  oid: 900,
  schema: 'parts',
  name: 'Half',
  table: { schema: 'parts', name: 'orders_9' },
  unique: true,
  ready: true,
  attached: false,
  building: false,
  owner: 'app',
  mayDrop: true,
};
