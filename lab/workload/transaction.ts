import type { Client, QueryResult, QueryResultRow } from 'pg';

/** Thrown by an operation that changes its mind: the transaction is rolled back and counted as such. */
export class RollbackWanted extends Error {}

/** A transaction of a writer; it counts the rows it changed. */
export class Transaction {
  private changed = 0;

  constructor(private readonly client: Client) {}

  get rowsChanged(): number {
    return this.changed;
  }

  /** Runs one statement that reads or controls. */
  query<R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<QueryResult<R>> {
    return this.client.query<R>(sql, values);
  }

  /** Runs one INSERT, UPDATE or DELETE. */
  async change<R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<QueryResult<R>> {
    const result = await this.client.query<R>(sql, values);
    this.changed += result.rowCount ?? 0;
    return result;
  }

  /** Runs `body` in a savepoint and takes its work back. */
  async inSavepointTakenBack(body: () => Promise<void>): Promise<void> {
    const before = this.changed;
    await this.client.query('SAVEPOINT attempt');
    await body();
    await this.client.query('ROLLBACK TO SAVEPOINT attempt');
    this.changed = before;
  }

  /** Runs `body` in a savepoint that is kept: its rows carry a subtransaction's id. */
  async inSavepointKept(body: () => Promise<void>): Promise<void> {
    await this.client.query('SAVEPOINT step');
    await body();
    await this.client.query('RELEASE SAVEPOINT step');
  }
}

/** How a transaction ended; `rows` are those it changed for good. */
export interface Outcome {
  end: 'committed' | 'rolledBack';
  rows: number;
}

/**
 * SQLSTATE class of what any application must expect of others who write, a deadlock or a row that went to another
 * partition meanwhile (manual, appendix A, and UPDATE): PostgreSQL has undone the transaction.
 */
const ROLLED_BACK = /^40/;

/** Runs `body` in one transaction. Errors other than these and `RollbackWanted` are the caller's. */
export async function runTransaction(client: Client, body: (tx: Transaction) => Promise<void>): Promise<Outcome> {
  const tx = new Transaction(client);
  await client.query('BEGIN');
  try {
    await body(tx);
  } catch (error) {
    if (!(error instanceof RollbackWanted) && !ROLLED_BACK.test((error as { code?: string }).code ?? '')) throw error;
    await client.query('ROLLBACK');
    return { end: 'rolledBack', rows: 0 };
  }
  await client.query('COMMIT');
  return { end: 'committed', rows: tx.rowsChanged };
}
