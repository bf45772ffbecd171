import type { Contracts, SourceContract } from '../../contract/contract';
import { OperatorError } from '../../errors/operator-error';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { isHeartbeat, streamsOf } from '../model/streams';
import { tellingOfSource } from '../observe/unreachable-clone';
import { publications as readPublications } from '../postgres/catalog/publications';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { tableSizes } from '../postgres/catalog/table-sizes';
import type { Session } from '../postgres/session';
import { displayQualified, quoteIdent } from '../postgres/text/quoting';
import { dumpSchema } from '../rehearsal/dump-schema';
import type { SchemaText } from '../rehearsal/load-schema';
import { findDump } from '../rehearsal/programs';
import { ownSchemas } from '../resources/our-own';
import type { JudgedOn } from './ddl-check';
import { notCloned, wantedDatabases } from './schema';

/**
 * What both sides of an environment have, and what is replicated between them. Reads only.
 * @param only the database, where the environment has several
 * @throws OperatorError TARGET_NOT_DEPLOYED, DATABASE_UNKNOWN, DDL_DATABASE_UNNAMED, DDL_DUMP_…, and those of connections
 */
export async function judgedOn(
  open: Open,
  contracts: Contracts,
  only: string | undefined,
  bindir: string | undefined,
): Promise<JudgedOn> {
  const { source, target } = contracts;
  if (target === null) throw notCloned(source);
  const database = oneDatabase(source, only);
  return tellingOfSource(open, contracts, null, async () => {
    const connections = open(contracts);
    try {
      return await readBoth(connections, database, bindir);
    } finally {
      await connections.close();
    }
  });
}

async function readBoth(connections: Connections, database: string, bindir: string | undefined): Promise<JudgedOn> {
  const contract = connections.contracts.source;
  const streams = streamsOf(contract).filter((of) => of.database === database);
  const source = await connections.reader({ side: 'source', database });
  const clone = await connections.reader({ side: 'target', database });
  const publications = new Set(streams.map(({ stream }) => stream.publication));
  const sent = (await sentTables(source)).filter(
    (table) => publications.has(table.publication) && !isHeartbeat(contract, database, table),
  );
  if (sent.length === 0) throw nothingSent(contract.environment, database);
  const mode = contract.links.find((link) => link.database === database)?.ddl ?? 'off';
  const sizes = await tableSizes(source, sent);
  const inPart = (await readPublications(source))
    .filter(({ name }) => publications.has(name))
    .flatMap(({ tables }) => tables.filter(({ columns, hasRowFilter }) => columns !== null || hasRowFilter));
  const schema = (session: Session, name: string): Promise<SchemaText> =>
    dumpSchema({
      name,
      program: findDump(majorOf(session), bindir),
      onlooker: session,
      database,
      withoutSchemas: ownSchemas(contract),
    });
  // Production first: where that is refused nothing of the clone is asked for.
  const schemas = {
    source: await schema(source, 'schema of the source'),
    clone: await schema(clone, 'schema of the clone'),
  };
  return {
    name: `environment ${contract.environment}, database ${database} of both sides`,
    schemas,
    major: majorOf(source),
    tables: sent,
    inPart: inPart.map(displayQualified),
    // All of them belong to one login.
    target: {
      subscription: quoteIdent(streams[0]!.stream.subscription),
      environment: contract.environment,
      carried: mode === 'apply',
    },
    sizes: Object.fromEntries(sizes.map((table) => [displayQualified(table), table.bytes])),
    mode,
    without: ownSchemas(contract),
    replicates: [contract.replication.role],
  };
}

const majorOf = (session: Session): number => Math.floor(session.serverVersionNum / 10_000);

function oneDatabase(contract: SourceContract, only: string | undefined): string {
  const [first, ...more] = wantedDatabases(contract, only === undefined ? [] : [only]);
  if (more.length === 0) return first!;
  throw new OperatorError({
    code: 'DDL_DATABASE_UNNAMED',
    seen: `environment ${contract.environment} replicates databases ${[first, ...more].join(', ')}`,
    why: 'a migration is of one database; no statement was tried',
    next: 'name it: --database',
  });
}

const nothingSent = (environment: string, database: string): OperatorError =>
  new OperatorError({
    code: 'DDL_TABLE_UNPUBLISHED',
    seen: `database ${database} of environment ${environment} publishes no table yet`,
    why: 'without a replicated table nothing can be said about replication; no statement was tried',
    next: `run sql-runner plan ${environment} to see what comes next, or judge on a schema alone: --schema-from`,
  });
