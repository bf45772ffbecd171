import { Client } from 'pg';
import type { RunOptions } from '../../../sql-runner/actions/run';
import type { PlanMode } from '../../../sql-runner/model/plan';
import type { DirectLab } from './direct-lab';

/** What changes something, and the ends of transactions: where a run can die and leave another state than before. */
const CHANGES =
  /^\s*(?:COMMENT|ALTER|GRANT|REVOKE|CREATE|LOCK|COMMIT)\b|^\s*(?:SELECT pg_(?:replication_origin_advance|terminate_backend)|TRUNCATE|DELETE)\b/;

export interface Death {
  /** The statement at which it died; null: there are fewer, and the run came to its end. */
  readonly at: string | null;
  readonly statements: number;
}

/**
 * A run of which nothing is sent any more from its n-th change on: before that one, or after it when `after`.
 * What it has begun its server rolls back, as of a process that was killed.
 */
export async function runDying(
  lab: DirectLab,
  n: number,
  after: boolean,
  mode: PlanMode = 'apply',
  more: Partial<RunOptions> = {},
): Promise<Death> {
  const query = Client.prototype.query;
  let [count, at, dead] = [0, null as string | null, false];
  const killed = () => Promise.reject(new Error('killed'));
  const dying = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    const text = typeof first === 'string' ? first : ((first as { text?: string }).text ?? '');
    const ask = () => (query as (...all: unknown[]) => Promise<unknown>).apply(this, args);
    if (!isOurs(this)) return ask();
    if (dead) return /^ROLLBACK/.test(text) ? ask() : killed();
    if (!CHANGES.test(text)) return ask();
    count += 1;
    if (count !== n) return ask();
    [dead, at] = [true, text];
    return after ? Promise.resolve(ask()).then(killed) : killed();
  };
  Client.prototype.query = dying as typeof query;
  try {
    await lab.run(mode, more).catch((error: unknown) => {
      if (at === null) throw error;
    });
  } finally {
    Client.prototype.query = query;
  }
  return { at, statements: count };
}

/** Sessions of sql-runner, and not those of writers beside it. */
const isOurs = (client: Client): boolean =>
  (
    (client as unknown as { connectionParameters: { application_name?: string } }).connectionParameters
      .application_name ?? ''
  ).startsWith('sql-runner');
