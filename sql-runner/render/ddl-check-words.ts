import type { Code } from '../../errors/codes';
import type { Statement } from '../migration/statement';
import type { CheckedMigration } from '../actions/ddl-check';
import type { JudgedUnit, Order, Verdict } from '../migration/verdict';

export const ORDER_WORDS: Readonly<Record<Order, string>> = {
  source: 'on the source alone',
  'source-clone': 'source first; once in sync, the clone',
  'clone-source': 'clone first, then the source',
  'source-stops-clone': 'source; then the clone, once its stream stops there or is in sync',
};

export const CLASS_WORDS: Readonly<Record<Verdict['class'], string>> = {
  safe: 'safe',
  'needs-order': 'needs order',
  breaks: 'breaks replication',
  fails: 'fails',
  'not-judged': 'not judged',
};

export const WHEN_WORDS = { 'source-first': 'source first:', 'clone-first': 'clone first:', any: 'in any order:' };

/** Where the rows decide whether it can be run; null: no row was seen to be refused. */
export const rowsSaid = ({ refusesRows }: JudgedUnit): string | null =>
  refusesRows === null
    ? null
    : `whether it can be run depends on the rows that are there; of those made up it refused some: ${refusesRows}`;

/** In place of steps. */
export const noSteps = ({ judged, target }: CheckedMigration): string =>
  target.carried
    ? 'No order is told: with ddl: apply the stream brings what is on its list (sql-runner ddl list), and by hand it would be done twice.'
    : judged.some(({ verdict }) => verdict.order === null && ['breaks', 'fails'].includes(verdict.class))
      ? 'There is no order in which all of it can be run.'
      : 'No order is told, as not all of it was judged.';

export const CODES_TOLD: readonly Code[] = ['DDL_NEEDS_ORDER', 'DDL_BREAKS', 'DDL_FAILS', 'DDL_NOT_JUDGED'];

/** A verdict that is not `safe`, at the statement that it is about: of a transaction the first, or the one that failed. */
export interface Told {
  readonly statement: Statement;
  readonly code: Code;
  readonly grave: boolean;
  readonly words: string;
}

export function told(judged: JudgedUnit): Told | null {
  const said = sayOf(judged);
  if (said === null) return null;
  const { code, seen, why, next } = said;
  const rows = rowsSaid(judged);
  const grave = code === 'DDL_BREAKS' || code === 'DDL_FAILS';
  return {
    statement: judged.failed?.statement ?? judged.unit.statements[0]!,
    code,
    grave,
    words: `${seen}; ${why}${rows === null ? '' : `; ${rows}`}. ${next}`,
  };
}

interface Said {
  readonly code: Code;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
}

function sayOf({ verdict, failed }: JudgedUnit): Said | null {
  const breaks = verdict.breaks.map(({ when, words }) => `${WHEN_WORDS[when]} ${words}`).join('; ');
  switch (verdict.class) {
    case 'safe':
      return null;
    case 'needs-order':
      return {
        code: 'DDL_NEEDS_ORDER',
        seen: `needs order: ${ORDER_WORDS[verdict.order ?? 'source']}`,
        why: `${verdict.why}${breaks === '' ? '' : `. Otherwise, ${breaks}`}`,
        next: 'Run on each side what ddl check prints, in its order',
      };
    case 'breaks':
      return {
        code: 'DDL_BREAKS',
        seen: `breaks replication: ${verdict.why}`,
        why: breaks,
        next: 'Write it in steps that leave the rows equal, and judge those: docs/schema-changes.md has them',
      };
    case 'fails':
      return {
        code: 'DDL_FAILS',
        seen: `fails: ${failed?.said ?? verdict.why}`,
        why: 'what comes after it was not tried',
        next: 'Correct the statement, or the schema that it is judged on',
      };
    case 'not-judged':
      return {
        code: 'DDL_NOT_JUDGED',
        seen: `not judged: ${verdict.why}`,
        why: 'nothing is said about what it does to replication',
        next: 'Look at it by hand: docs/schema-changes.md has the rules',
      };
  }
}
