import type { Contracts, SourceContract } from '../../contract/contract';
import { OperatorError } from '../../errors/operator-error';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { compareDatabases, namesOf } from '../drift/compare';
import { compareRoles } from '../drift/compare-server';
import type { Difference } from '../drift/difference';
import { displayTable } from '../model/table-selection';
import { streamsOf } from '../model/streams';
import { tellingOfSource } from '../observe/unreachable-clone';
import { readSide, type SideFacts } from '../observe/schema-facts';
import { hasSession, sessionIdentity } from '../postgres/catalog/activity';
import { sentTables, type SentTable } from '../postgres/catalog/replicated-tables';
import { isOurOwn } from '../resources/our-own';

export interface DatabaseComparison {
  readonly database: string;
  readonly differences: readonly Difference[];
  /** How many of each were compared, on the side that has more. */
  readonly compared: { readonly tables: number; readonly replicated: number; readonly others: number };
  /** What somebody kept readers out of. Phrases. */
  readonly unread: readonly string[];
}

/** How far both sides define the same. */
export interface SchemaComparison {
  readonly environment: string;
  readonly databases: readonly DatabaseComparison[];
  /** Of the servers as a whole. */
  readonly roles: readonly Difference[];
  /** What is no part of the comparison. Phrases. */
  readonly notCompared: readonly string[];
}

/** Never compared, whatever there is of it. */
const NEVER = [
  'rows (sql-runner verify)',
  'where sequences stand, and how they are made (sql-runner sequences)',
  'passwords of roles, and roles of the server or the service (pg_*, rds*)',
  'what is in large objects (sql-runner large-objects), and rows of materialized views',
  'publications, subscriptions and slots, and what sql-runner made for itself (sql-runner plan)',
  'databases that the environment does not name',
];

/** Compares what both sides define. Reads only. */
export async function lookAtSchemas(
  open: Open,
  contracts: Contracts,
  only: readonly string[],
): Promise<SchemaComparison> {
  if (contracts.target === null) throw notCloned(contracts.source);
  const wanted = wantedDatabases(contracts.source, only);
  return tellingOfSource(open, contracts, null, async () => {
    const connections = open(contracts);
    try {
      await refuseOneServer(connections);
      const sides: BothRead[] = [];
      // One after the other: what is read of a large database is large.
      for (const database of wanted) sides.push(await readBoth(connections, database));
      return comparisonOf(contracts.source, sides, only.length > 0);
    } finally {
      await connections.close();
    }
  });
}

interface BothRead {
  readonly database: string;
  readonly source: SideFacts;
  readonly clone: SideFacts;
  readonly sent: readonly SentTable[];
}

async function readBoth(connections: Connections, database: string): Promise<BothRead> {
  const contract = connections.contracts.source;
  const publications = new Set(streamsOf(contract).map(({ stream }) => stream.publication));
  const isOurs = isOurOwn(contract, database);
  const [source, clone, sent] = await Promise.all([
    connections.use({ side: 'source', database }, (session) => readSide(session, isOurs)),
    connections.use({ side: 'target', database }, (session) => readSide(session, isOurs)),
    connections.use({ side: 'source', database }, sentTables),
  ]);
  return { database, source, clone, sent: sent.filter(({ publication }) => publications.has(publication)) };
}

/** What a publication of ours sends, and the partitioned tables above. */
function replicatedIn({ source, sent }: BothRead): (table: { schema: string; name: string }) => boolean {
  const known = new Map(source.facts.tables.map((table) => [displayTable(table.relation), table]));
  const names: { schema: string; name: string }[] = [];
  for (const table of sent) {
    let next: { schema: string; name: string } | null = table;
    while (next !== null) {
      names.push(next);
      next = known.get(displayTable(next))?.parent ?? null;
    }
  }
  return namesOf(names);
}

function comparisonOf(contract: SourceContract, sides: readonly BothRead[], some: boolean): SchemaComparison {
  const [first] = sides;
  return {
    environment: contract.environment,
    databases: sides.map((both) => {
      const isReplicated = replicatedIn(both);
      const [source, clone] = [both.source.facts, both.clone.facts];
      const most = (count: (facts: typeof source) => number) => Math.max(count(source), count(clone));
      return {
        database: both.database,
        differences: compareDatabases({ database: both.database, source, clone, isReplicated }),
        compared: {
          tables: most(({ tables }) => tables.length),
          replicated: source.tables.filter(({ relation }) => isReplicated(relation)).length,
          others: most(
            ({ schemas, extensions, collations, types, functions, views }) =>
              schemas.length +
              extensions.length +
              collations.length +
              types.length +
              (functions?.length ?? 0) +
              views.length,
          ),
        },
        unread: [
          ...both.source.unread.map((what) => `${what} on the source: somebody keeps readers out`),
          ...both.clone.unread.map((what) => `${what} on the clone: somebody keeps readers out`),
        ],
      };
    }),
    roles: first === undefined ? [] : compareRoles(first.source.facts.roles, first.clone.facts.roles),
    notCompared: [...sides.flatMap(leftOut), ...NEVER, ...(some ? ['the other databases of the environment'] : [])],
  };
}

function leftOut({ database, source, clone }: BothRead): string[] {
  const kinds = [...new Set([...source.leftOut, ...clone.leftOut].map(({ kind }) => kind))].sort();
  const of = (side: SideFacts, kind: string) => side.leftOut.find((one) => one.kind === kind)?.count ?? 0;
  return kinds.map(
    (kind) => `${kind} in database ${database}: ${of(source, kind)} on the source, ${of(clone, kind)} on the clone`,
  );
}

export function wantedDatabases(contract: SourceContract, only: readonly string[]): string[] {
  const all = contract.links.map(({ database }) => database);
  const unknown = only.filter((name) => !all.includes(name));
  if (unknown.length === 0) return only.length === 0 ? all : all.filter((name) => only.includes(name));
  throw new OperatorError({
    code: 'DATABASE_UNKNOWN',
    seen: `environment ${contract.environment} does not replicate database ${unknown.join(', ')}`,
    why: 'nothing is known of it',
    next: `choose from: ${all.join(', ')}`,
  });
}

export function notCloned({ environment, stacks }: SourceContract): OperatorError {
  return new OperatorError({
    code: 'TARGET_NOT_DEPLOYED',
    seen: `stack ${stacks.target} has no outputs yet`,
    why: 'there is no clone to look at',
    next: `run sql-runner plan ${environment} to see what comes next`,
  });
}

/** A server compared with itself has no differences, whatever the clone has. */
async function refuseOneServer(connections: Connections): Promise<void> {
  const [source, target] = await Promise.all([connections.first('source'), connections.first('target')]);
  const session = await connections.reader(source);
  const other = await connections.reader(target);
  if (!(await hasSession(other, await sessionIdentity(session)))) return;
  const { cluster, stacks } = connections.contracts.source;
  throw new OperatorError({
    code: 'SAME_CLUSTER',
    seen: `the endpoint of the clone leads to ${cluster.identifier} itself`,
    why: 'a database compared with itself has no differences; that says nothing of the clone',
    next: `look where the endpoint in its outputs leads to, then cdktf deploy ${stacks.target}`,
  });
}
