import type { Exchange } from './exchange';

/** One write of a change: the n-th time that this statement is sent in it. */
export interface Step {
  readonly change: string;
  readonly to: Exchange['to'];
  /** Without literals, which hold what differs from run to run. */
  readonly statement: string;
  readonly nth: number;
}

/** The engine asks the session that holds the lock before every change, and nobody else asks just that. */
const BEFORE_A_CHANGE = 'SELECT 1';
const READS =
  /^(BEGIN|ROLLBACK|SET|SHOW|WITH|SELECT(?! pg_(create|drop|replication_origin_advance|replication_slot)))\b/;
const API_READS = /^api (Describe|Get|AssumeRole)/;

/** Tells which change and which write of it an exchange is, by what passes the proxies. */
export class StepCounter {
  private index = -1;
  private readonly counts = new Map<string, number>();

  /** @param planned ids of the changes, in order; known before the first of them starts */
  constructor(private readonly planned: Promise<string[]>) {}

  /** @returns undefined for what writes nothing */
  async next(exchange: Exchange): Promise<Step | undefined> {
    if (exchange.text === BEFORE_A_CHANGE) {
      this.index += 1;
      this.counts.clear();
      return undefined;
    }
    if (this.index < 0 || READS.test(exchange.text) || API_READS.test(exchange.text)) return undefined;
    const statement = withoutLiterals(exchange.text);
    const nth = (this.counts.get(statement) ?? 0) + 1;
    this.counts.set(statement, nth);
    const change = (await this.planned)[this.index];
    return change === undefined ? undefined : { change, to: exchange.to, statement, nth };
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
