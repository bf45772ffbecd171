import type { StreamStatus } from '../../../sql-runner/actions/status';
import type { Problem } from '../../../sql-runner/model/health';

const DOUBTS = [
  'CONTINUITY_NOT_PROVEN',
  'HISTORY_DIFFERS',
  'SOURCE_PUT_BACK',
  'ORIGIN_BEHIND_SEED',
  'ORIGIN_TOUCHED',
  'INHERITED_COPY_GONE',
];

const isDoubt = ({ code }: Problem): boolean => DOUBTS.includes(code);
const told = (problems: readonly Problem[]): string | null =>
  problems.length === 0 ? null : problems.map(({ code, seen, next }) => `${code}: ${seen}; ${next}`).join('; ');

/** What keeps the stream from following, in one line; null: nothing. */
export const troubleIn = ({ problems }: StreamStatus): string | null => told(problems.filter((one) => !isDoubt(one)));

/** Why it is not proven that it holds every change; null: nothing speaks against it. */
export const doubtIn = ({ problems }: StreamStatus): string | null => problems.find(isDoubt)?.seen ?? null;

export const aProblem = (code: Problem['code'], seen = 'it is so'): Problem => ({ code, seen, why: 'w', next: 'n' });
