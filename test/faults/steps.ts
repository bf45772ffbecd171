import type { Exchange } from './exchange';

/** One question of a change: the n-th time that this statement is sent in it. */
export interface Step {
  readonly change: string;
  readonly to: Exchange['to'];
  /** Without literals, which hold what differs from run to run. */
  readonly statement: string;
  readonly nth: number;
  /** False: BEGIN, a guard or another look before the first write of the change. */
  readonly writes: boolean;
}

/** In the place of a change: the locks that a run takes before it reads anything. */
export const LOCKING = '(locks)';

/** The engine asks the session that holds the lock before every change, and nobody else asks just that. */
const BEFORE_A_CHANGE = 'SELECT 1';
const HISTORY = 'acas_history_';
const LOCK = /^SELECT pg_try_advisory_lock\b/;
const READS =
  /^(BEGIN|ROLLBACK|SET|SHOW|WITH|SELECT(?! pg_(create|drop|replication_origin_advance|replication_slot|terminate_backend)))\b/;
const API_READS = /^api (Describe|Get|AssumeRole)/;

/** Tells which change and which step of it an exchange is, by what passes the proxies. */
export class StepCounter {
  private index = -1;
  private hasWritten = false;
  private readonly counts = new Map<string, number>();

  /** @param planned ids of the changes, in order; known before the first of them starts */
  constructor(private readonly planned: Promise<string[]>) {}

  /** @returns undefined for what is no step: the reading of a plan, and waits for what a change has begun */
  async next(exchange: Exchange): Promise<Step | undefined> {
    // What is kept of a run is written beside it, whenever that goes, and no change waits for it.
    if (exchange.text.includes(HISTORY)) return undefined;
    if (exchange.text === BEFORE_A_CHANGE) {
      this.index += 1;
      this.hasWritten = false;
      this.counts.clear();
      return undefined;
    }
    if (this.index < 0) return LOCK.test(exchange.text) ? this.step(LOCKING, exchange, false) : undefined;
    const writes = !READS.test(exchange.text) && !API_READS.test(exchange.text);
    if (!writes && this.hasWritten) return undefined;
    this.hasWritten ||= writes;
    const step = this.step('', exchange, writes);
    const change = (await this.planned)[this.index];
    return change === undefined ? undefined : { ...step, change };
  }

  private step(change: string, { to, text }: Exchange, writes: boolean): Step {
    const statement = withoutLiterals(text);
    const nth = (this.counts.get(statement) ?? 0) + 1;
    this.counts.set(statement, nth);
    return { change, to, statement, nth, writes };
  }
}

function withoutLiterals(text: string): string {
  return text
    .replace(/E?'(?:[^']|'')*'/g, "'…'")
    .replace(/\s+/g, ' ')
    .slice(0, 80);
}

export const sameStep = (a: Step, b: Step): boolean =>
  a.change === b.change && a.to === b.to && a.statement === b.statement && a.nth === b.nth;
