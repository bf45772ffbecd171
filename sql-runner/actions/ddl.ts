import type { Contracts } from '../../contract/contract';
import { OperatorError } from '../../errors/operator-error';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { shownDdl, type DdlOfDatabase, type DdlShown } from '../model/ddl';
import { ownMark } from '../model/mark';
import { streamsOf, type StreamOf } from '../model/streams';
import { decideInDoubt } from '../execute/ddl-doubt';
import { ddlOnClone, ddlOnSource } from '../execute/ddl-entries';
import { ddlLogs } from '../postgres/catalog/ddl-logs';
import { ALLOWED } from '../resources/ddl/allow-list';
import { schemaOf } from '../resources/ddl/ddl-facts';
import { waitFor } from '../execute/wait';

export interface DdlList {
  readonly environment: string;
  readonly databases: readonly DdlOfDatabase[];
}

/** What was noted on the source, and what became of it on the clone. Reads only. */
export async function readDdl(open: Open, contracts: Contracts, most: number): Promise<DdlList> {
  const connections = open(contracts);
  try {
    return await listDdl(connections, most);
  } finally {
    await connections.close();
  }
}

async function listDdl(connections: Connections, most: number): Promise<DdlList> {
  const { source } = connections.contracts;
  const read = await Promise.all(streamsOf(source).map((of) => ofStream(connections, of, most)));
  const databases = read.filter((one) => one !== null);
  if (databases.length > 0) return { environment: source.environment, databases };
  throw new OperatorError({
    code: 'DDL_NOT_FOLLOWED',
    seen: `no database of environment ${source.environment} has a log of DDL on the source`,
    why: 'DDL is written down where the environment file says ddl: apply or ddl: record, once the clone follows',
    next: 'write ddl: record or ddl: apply into the environment file; docs/ddl.md says how it is begun',
  });
}

async function ofStream(connections: Connections, of: StreamOf, most: number): Promise<DdlOfDatabase | null> {
  const { source: contract, target } = connections.contracts;
  const schema = schemaOf(of);
  const hasLog = (side: 'source' | 'target') =>
    connections.use({ side, database: of.database }, async (session) => {
      const found = (await ddlLogs(session)).find((one) => one.schema === schema && one.log);
      return found !== undefined && ownMark(found.comment, 'ddl', contract.environment) !== null;
    });
  if (!(await hasLog('source'))) return null;
  const isOnClone = target !== null && (await hasLog('target'));
  const source = await connections.use(of.publisher, (session) => ddlOnSource(session, schema, most));
  const first = source.entries[0]?.number ?? 0;
  const clone = isOnClone
    ? await connections.use(of.subscriber, (session) => ddlOnClone(session, schema, first))
    : null;
  const mode = isOnClone ? 'apply' : 'record';
  return { database: of.database, schema, mode, missed: source.missed, statements: shownDdl(source, clone) };
}

export interface Chosen {
  readonly number: number;
  /** null: that of the environment which has a log. */
  readonly database: string | null;
}

/** More than the log is to hold: whatever is asked for is looked for in all of it. */
const ALL = 100_000;

export async function oneStatement(
  open: Open,
  contracts: Contracts,
  chosen: Chosen,
): Promise<{ of: DdlOfDatabase; one: DdlShown }> {
  return chosenOf(await readDdl(open, contracts, ALL), chosen);
}

function chosenOf(
  { environment, databases }: DdlList,
  { number, database }: Chosen,
): { of: DdlOfDatabase; one: DdlShown } {
  const found = databases
    .filter((one) => database === null || one.database === database)
    .flatMap((of) => of.statements.filter((one) => one.number === number).map((one) => ({ of, one })));
  if (found.length === 1) return found[0]!;
  throw new OperatorError({
    code: 'DDL_NOT_KNOWN',
    seen:
      found.length === 0
        ? `the log of DDL of environment ${environment} has no statement ${number}${database === null ? '' : ` in database ${database}`}`
        : `databases ${found.map(({ of }) => of.database).join(', ')} each have a statement ${number}`,
    why: 'a decision is made about one statement',
    next: `see which there are: sql-runner ddl list ${environment}; with several databases name one by --database`,
  });
}

/**
 * Writes down what is to become of a statement that has not come to the clone yet, and that rows may differ by it. The apply
 * worker tries again by itself, and finds it: nothing else is done, so that whoever is killed has decided or has not.
 * @returns the statement as it stands once it has come, or the time has run out
 */
export async function decide(
  open: Open,
  contracts: Contracts,
  chosen: Chosen,
  decision: 'apply' | 'skip',
  timeoutMs: number,
): Promise<DdlShown> {
  const connections = open(contracts);
  try {
    const look = async () => chosenOf(await listDdl(connections, ALL), chosen);
    const { of, one } = await look();
    refuse(contracts.source.environment, of, one, decision);
    const session = await connections.open({ side: 'target', database: of.database }, false);
    try {
      const { environment } = contracts.source;
      const { stream } = streamsOf(contracts.source).find(({ database }) => database === of.database)!;
      const doubted = leavesDoubt(one, decision) ? { environment, subscription: stream.subscription } : null;
      await decideInDoubt(session, of.schema, one.number, decision, doubted);
    } finally {
      await session.close();
    }
    const came = await waitFor(async () => {
      const now = (await look()).one;
      return now.state === 'stopped' || now.state === 'waiting' ? null : now;
    }, timeoutMs);
    return came ?? (await look()).one;
  } finally {
    await connections.close();
  }
}

/**
 * Whether rows may differ once it is decided. What is carried out by consent is looked at no more, so whatever it does; of
 * what is left out only ALTER TABLE gives rows values that the stream does not bring. Rights and the like change no row.
 */
export function leavesDoubt({ tag }: Pick<DdlShown, 'tag'>, decision: 'apply' | 'skip'): boolean {
  if (decision === 'skip') return tag === 'ALTER TABLE';
  return !ALLOWED.some((one) => one.tag === tag && one.mayFail === true);
}

/** Also for whoever asks first whether it is meant. */
export function refuse(environment: string, of: DdlOfDatabase, one: DdlShown, decision: 'apply' | 'skip'): void {
  const seen = (what: string) => `statement ${one.number} of database ${of.database} ${what}`;
  const failed = one.state === 'failed';
  const done = one.state !== 'stopped' && one.state !== 'waiting';
  if (decision === 'skip' ? !done || failed : !done && one.part !== null) return;
  throw new OperatorError({
    code: 'DDL_NOT_DECIDED',
    seen: done
      ? seen(`is ${one.state}`)
      : seen(`cannot be carried out: ${one.reason ?? 'which part of its string it was is not known'}`),
    why: done
      ? failed
        ? 'the stream has gone on, and carries it out no more'
        : 'what has come to the clone, or is not sent, waits for no decision'
      : 'only what is known word for word is carried out',
    next:
      done && !failed
        ? `see where each stands: sql-runner ddl list ${environment}`
        : `do on the clone what it did on the source, then: sql-runner ddl skip ${environment} ${one.number}`,
  });
}
