import { quoteIdent } from './text/quoting';
import type { Code } from '../../errors/codes';
import { OperatorError, type OperatorErrorParts } from '../../errors/operator-error';

/** Where a session goes, without the secrets. */
export interface Address {
  readonly side: 'source' | 'target';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

const describeAddress = (at: Address): string =>
  `${at.side} ${at.host}:${at.port}, database ${JSON.stringify(at.database)}, user ${JSON.stringify(at.user)}`;

interface Diagnosis {
  readonly code: Code;
  readonly next: string;
}

const REACH = 'Check security groups, the routes of both VPCs and that the cluster is available';

const NOT_READY: Diagnosis = {
  code: 'CONNECT_NOT_READY',
  next: 'The server is starting or stopping; try again in a moment.',
};

/** A server that stops ends also who has not been let in yet, and says nothing to them (ProcessInterrupts). */
const CUT_OFF: Diagnosis = {
  code: 'CONNECT_NOT_READY',
  next: `The connection was cut off while it was made: the server may be starting or stopping, so try again in a moment. If that goes on, look for what cuts it off in between.`,
};

const BY_CODE: Readonly<Record<string, Diagnosis>> = {
  ECONNREFUSED: { code: 'CONNECT_REFUSED', next: `Nothing listens there. Check the port, and that the cluster runs.` },
  ECONNRESET: CUT_OFF,
  EPIPE: CUT_OFF,
  ENOTFOUND: {
    code: 'CONNECT_HOST_UNKNOWN',
    next: 'Check the endpoint in the Terraform output, and DNS resolution from this machine.',
  },
  EAI_AGAIN: { code: 'CONNECT_HOST_UNKNOWN', next: 'DNS did not answer; check name resolution from this machine.' },
  ETIMEDOUT: { code: 'CONNECT_TIMEOUT', next: `${REACH}; run from a machine inside one of the VPCs.` },
  EHOSTUNREACH: { code: 'CONNECT_TIMEOUT', next: `${REACH}.` },
  ENETUNREACH: { code: 'CONNECT_TIMEOUT', next: `${REACH}.` },
  '28P01': {
    code: 'CONNECT_AUTH',
    next: 'Check the password in the secret; it may have been rotated since, so try again first.',
  },
  '28000': { code: 'CONNECT_AUTH', next: 'Check that the role exists, may log in and may connect from here.' },
  '3D000': {
    code: 'CONNECT_DATABASE_MISSING',
    next: 'Where it has another name by now, give it its own again; else create it, or correct its name in the environment file.',
  },
  '42501': { code: 'CONNECT_FORBIDDEN', next: 'Grant the role CONNECT on the database.' },
  '53300': {
    code: 'CONNECT_TOO_MANY',
    next: 'End connections there that nobody needs, or raise the limit that the message names.',
  },
  // One that stops says so to whoever is just coming in as well: admin_shutdown, crash_shutdown (ProcessInterrupts).
  '57P01': NOT_READY,
  '57P02': NOT_READY,
  '57P03': NOT_READY,
};

const TLS: Diagnosis = {
  code: 'CONNECT_TLS',
  next: 'Set PGSSLROOTCERT to the certificate authority of this server, and connect by a name that its certificate holds. There is no option to skip the check.',
};

const NO_TLS: Diagnosis = {
  code: 'CONNECT_TLS',
  next: 'Turn TLS on at the server (ssl = on), and check that host and port are the database and not something else. No password is sent in the clear.',
};

/**
 * A session begins by opening catalogs (InitPostgres), before a limit of its own for locks holds. What is created by
 * users has numbers from 16384 on (FirstNormalObjectId), so that the others are catalogs, with their indexes.
 */
const heldUp = ({ side }: Address): Diagnosis => ({
  code: 'CONNECT_HELD_UP',
  next: `The way to the server is open. It may have too much to do: then try again when it has less. Or somebody has locked a catalog, and all who are new wait for that: wait until it is done, or end it with pg_terminate_backend. Who it is, in database postgres on the ${side === 'source' ? 'source' : 'clone'}: SELECT * FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE mode = 'AccessExclusiveLock' AND relation < 16384;`,
});

/** Nobody could be reached, or nobody was let in, or the session ended. */
export class ConnectError extends OperatorError {
  constructor(
    readonly side: Address['side'],
    parts: OperatorErrorParts,
  ) {
    super(parts);
  }
}

/** There is a server, and it has no database of that name. */
export const isDatabaseMissing = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'CONNECT_DATABASE_MISSING';

/**
 * What a failed connection attempt means to the person at the keyboard.
 * @param answered the server has said something before
 */
export function connectError(at: Address, cause: unknown, answered = false): ConnectError {
  const error = cause as Error & { code?: string };
  const { code, next } = diagnose(error, at, answered);
  return new ConnectError(at.side, {
    code,
    seen: `Cannot connect to ${describeAddress(at)}: ${error.message || error.code}`,
    why: 'Nothing can be read or changed there; nothing was changed by this attempt.',
    next,
    cause,
  });
}

function diagnose(error: Error & { code?: string; severity?: string }, at: Address, answered: boolean): Diagnosis {
  const code = error.code ?? '';
  if (code === '55000' && /not currently accepting connections/.test(error.message)) return closed(at);
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (/^Connection terminated unexpectedly/.test(error.message)) return CUT_OFF;
  if (/^timeout expired|timeout exceeded/i.test(error.message)) return answered ? heldUp(at) : BY_CODE['ETIMEDOUT']!;
  if (/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/.test(code))
    return TLS;
  if (/does not support SSL/.test(error.message)) return NO_TLS;
  if (error.message.startsWith('SASL')) return BY_CODE['28P01']!;
  const next =
    error.severity === undefined
      ? `${REACH}, then try again.`
      : 'The server can be reached, and its message says why it lets nobody in; put that right, then try again.';
  return { code: 'CONNECT_FAILED', next };
}

/** Nobody gets into a database with datallowconn = false, no superuser either (CheckMyDatabase in postinit.c). */
function closed({ side, database }: Address): Diagnosis {
  return {
    code: 'CONNECT_DATABASE_CLOSED',
    next: `As its owner, in another database on the ${side === 'source' ? 'source' : 'clone'}: ALTER DATABASE ${quoteIdent(database)} ALLOW_CONNECTIONS true;`,
  };
}

/**
 * A reader of Aurora, or a standby: what slots and apply workers do is to be seen on the writer alone, and what was
 * written may not have arrived there yet.
 */
export function leadsToReader(at: Address): ConnectError {
  return new ConnectError(at.side, {
    code: 'CONNECT_READER',
    seen: `The server of ${describeAddress(at)} is a reader: it is in recovery`,
    why: 'Slots and apply workers are at work on the writer alone, and are not to be seen here; nothing can be changed here.',
    next: 'Use the endpoint of the cluster, which leads to its writer, in the outputs of the stacks; during a failover wait until the writer is back.',
  });
}

/** Whether the server or the network ended the session, as opposed to refusing one statement. */
export function isConnectionLoss(cause: unknown): boolean {
  const error = cause as Error & { code?: string; severity?: string };
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return true;
  if (/^57P0[1-5]/.test(error.code ?? '')) return true;
  // Class 08 from the server is about a connection of its own: CREATE SUBSCRIPTION could not reach the publisher.
  if (/^08/.test(error.code ?? '')) return error.severity === undefined;
  if (['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_STREAM_DESTROYED'].includes(error.code ?? ''))
    return true;
  return /^Connection terminated|not queryable|Client was closed/.test(error.message ?? '');
}

export function connectionLost(at: Address, cause: unknown): ConnectError {
  // What a new connection did not hear says more.
  if (cause instanceof ConnectError) return cause;
  return new ConnectError(at.side, {
    code: 'CONNECTION_LOST',
    seen: `The connection to ${describeAddress(at)} ended: ${(cause as Error).message}`,
    why: 'What the last statement did there is unknown; the database undid it unless it was committed.',
    next: 'Run the same command again: it reads what is there and carries on.',
    cause,
  });
}
