import type { Code } from '../../errors/codes';
import type { Statement } from '../migration/statement';
import type { JudgedUnit, Order, Verdict } from '../migration/verdict';

export const ORDER_WORDS: Readonly<Record<Order, string>> = {
  source: 'on the source alone',
  'source-clone': 'source first; once in sync, the clone',
  'clone-source': 'clone first, then the source',
  'source-stops-clone': 'source, then at once the clone; the stream stands still between',
};

export const CLASS_WORDS: Readonly<Record<Verdict['class'], string>> = {
  safe: 'safe',
  'needs-order': 'needs order',
  breaks: 'breaks replication',
  fails: 'fails',
  'not-judged': 'not judged',
};

export const WHEN_WORDS = { 'source-first': 'source first:', 'clone-first': 'clone first:', any: 'in any order:' };

export const CODE_OF: Readonly<Record<Exclude<Verdict['class'], 'safe'>, Code>> = {
  'needs-order': 'DDL_NEEDS_ORDER',
  breaks: 'DDL_BREAKS',
  fails: 'DDL_FAILS',
  'not-judged': 'DDL_NOT_JUDGED',
};

/** A verdict that is not `safe`, at the statement that it is about: of a transaction the first, or the one that failed. */
export interface Told {
  readonly statement: Statement;
  readonly code: Code;
  readonly grave: boolean;
  readonly words: string;
}

export function told({ unit, verdict, failed }: JudgedUnit): Told | null {
  if (verdict.class === 'safe') return null;
  const order = verdict.order === null ? '' : `: ${ORDER_WORDS[verdict.order]}`;
  const breaks = verdict.breaks.map(({ when, words }) => `${WHEN_WORDS[when]} ${words}`);
  return {
    statement: failed?.statement ?? unit.statements[0]!,
    code: CODE_OF[verdict.class],
    grave: verdict.class === 'breaks' || verdict.class === 'fails',
    words: [`${CLASS_WORDS[verdict.class]}${order}. ${failed?.said ?? verdict.why}`, ...breaks].join('. '),
  };
}
