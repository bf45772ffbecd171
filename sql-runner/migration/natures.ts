import type { Nature } from './statement';

const ROWS = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'TruncateStmt', 'CopyStmt', 'LockStmt'];
const EITHER = ['SelectStmt', 'DoStmt', 'CallStmt', 'ExecuteStmt', 'ExplainStmt'];
const UPKEEP = [
  'VacuumStmt',
  'ReindexStmt',
  'ClusterStmt',
  'RefreshMatViewStmt',
  'CheckPointStmt',
  'LoadStmt',
  'RepackStmt',
];
const SESSION = [
  'VariableSetStmt',
  'VariableShowStmt',
  'DiscardStmt',
  'PrepareStmt',
  'DeallocateStmt',
  'ListenStmt',
  'UnlistenStmt',
  'NotifyStmt',
  'ConstraintsSetStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ClosePortalStmt',
];
/** They are of the whole server, or of the publication and subscription that are judged with. */
const UNTRIED = [
  'AlterSystemStmt',
  'CreatedbStmt',
  'DropdbStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
  'AlterDatabaseRefreshCollStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterTableSpaceOptionsStmt',
  'CreatePublicationStmt',
  'AlterPublicationStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'DropSubscriptionStmt',
];

const TABLE: Readonly<Record<string, Nature>> = {
  ...all(ROWS, 'rows'),
  ...all(EITHER, 'either'),
  ...all(UPKEEP, 'upkeep'),
  ...all(SESSION, 'session'),
  ...all(UNTRIED, 'untried'),
};

/** @param body what the parser says of it */
export function natureOf(node: string, body: Body): Nature {
  if (node === 'CreateStmt' && body.relation?.relpersistence === 't') return 'session';
  if (node === 'CreateTableAsStmt' && body.into?.rel?.relpersistence === 't') return 'session';
  if (node === 'CopyStmt' && body.filename === undefined) return 'untried';
  if (node === 'DropStmt' && /PUBLICATION|SUBSCRIPTION/.test(body.removeType ?? '')) return 'untried';
  if (node === 'RenameStmt' && /DATABASE|PUBLICATION|SUBSCRIPTION|TABLESPACE/.test(body.renameType ?? ''))
    return 'untried';
  if (node === 'AlterOwnerStmt' && /DATABASE|PUBLICATION|SUBSCRIPTION|TABLESPACE/.test(body.objectType ?? ''))
    return 'untried';
  if (node === 'SelectStmt' && body.intoClause !== undefined) return 'definition';
  return TABLE[node] ?? 'definition';
}

export interface Body {
  readonly relation?: { readonly relpersistence?: string };
  readonly into?: { readonly rel?: { readonly relpersistence?: string } };
  /** Of COPY; without it, whoever runs it sends or takes the rows. */
  readonly filename?: string;
  readonly removeType?: string;
  readonly renameType?: string;
  readonly objectType?: string;
  readonly intoClause?: object;
}

function all(nodes: readonly string[], nature: Nature): Record<string, Nature> {
  return Object.fromEntries(nodes.map((node) => [node, nature]));
}
