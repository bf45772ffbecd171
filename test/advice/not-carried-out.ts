import { type Advice, adviceOf } from '../../docs/generate/advice';
import type { CarriedOut } from './record';

/** The advice of the product that none of these is, in words. */
export function notCarriedOut(done: readonly CarriedOut[]): string[] {
  const advice = adviceOf();
  const found = new Set(done.flatMap((one) => adviceIn(one, advice) ?? []));
  return advice.filter((one) => !found.has(one)).map(({ code, kind, text }) => `${code} (${kind}): ${text}`);
}

/** What was printed that the list does not have: then the list is not whole. */
export function notListed(done: readonly CarriedOut[]): string[] {
  const advice = adviceOf();
  return done
    .filter((one) => adviceIn(one, advice) === null)
    .map(({ code, kind, next }) => `${code} (${kind}): ${next}`);
}

/** Of those that fit, the one with the most words of its own. */
function adviceIn({ code, kind, next: printed }: CarriedOut, advice: readonly Advice[]): Advice | null {
  // It comes before whatever is carried out in a read-only database; see plan/read-only-advice.ts.
  const next = printed.replaceAll('on the clone: SET default_transaction_read_only = off; ', 'on the clone: ');
  const fitting = advice.filter((one) => one.kind === kind && (one.code === code || one.code === 'any'));
  const [best] = fitting.filter((one) => one.fits(next)).sort((a, b) => own(b) - own(a));
  return best ?? null;
}

const own = ({ text }: Advice): number => text.replaceAll(/<[^<>]*>/g, '').length;
