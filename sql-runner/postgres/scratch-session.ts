import { Client, type DatabaseError } from 'pg';

/** A server of this machine that is thrown away again, by its socket. */
export interface ScratchAddress {
  readonly folder: string;
  readonly port: number;
  readonly database: string;
}

/**
 * All that the driver reads of PG* variables otherwise (pg/lib/connection-parameters.js, for which an empty value is none):
 * they are for servers of somebody. Nobody asks for the password; where it is named, no file of passwords is looked for.
 */
const NOT_OF_THE_SHELL = {
  user: 'postgres',
  password: 'none',
  ssl: false,
  sslnegotiation: 'postgres',
  options: ' ',
  client_encoding: 'UTF8',
  replication: 'false',
  application_name: 'sql-runner ddl check',
} as const;

/**
 * A session on a scratch server, as its superuser. Beside our own questions it runs what somebody else has written:
 * nothing of production is in reach of it.
 */
export class ScratchSession {
  private readonly heard: string[] = [];

  private constructor(private readonly client: Client) {
    client.on('error', () => undefined);
    client.on('notice', ({ message }) => this.heard.push(message ?? ''));
  }

  static async open({ folder, port, database }: ScratchAddress): Promise<ScratchSession> {
    const client = new Client({ ...NOT_OF_THE_SHELL, host: folder, port, database });
    const session = new ScratchSession(client);
    await client.connect();
    return session;
  }

  async query<T extends object>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.client.query<T>(sql, [...values])).rows;
  }

  /** A statement as it stands in a file. */
  async execute(statement: string): Promise<void> {
    await this.client.query(statement);
  }

  /** Notices since the last time. */
  notices(): string[] {
    return this.heard.splice(0);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

/** What a server said of a statement that it refused. */
export interface Refused {
  readonly sqlState: string;
  readonly message: string;
  readonly constraint?: string;
}

/** @throws what is no word of the server */
export function refusedBy(error: unknown): Refused {
  const { code, message, constraint, severity } = error as DatabaseError;
  if (typeof code !== 'string' || severity === undefined) throw error;
  return { sqlState: code, message, constraint };
}
