import { OperatorError } from '../errors/operator-error';
import { STATED_AMOUNTS, type Stated, type StatedAmount } from './estimate/stated';

/** A petabyte, or a trillion requests: more than any cluster has, and a slip of the pen beyond it. */
const MOST = 1_000_000;

/** The options of the command line as numbers. @throws OperatorError for what is none */
export function statedAmounts(options: Readonly<Partial<Record<StatedAmount, string>>>): Stated {
  return Object.fromEntries(
    (Object.keys(STATED_AMOUNTS) as StatedAmount[]).flatMap((name) => {
      const text = options[name];
      return text === undefined ? [] : [[name, amountOf(name, text)]];
    }),
  );
}

function amountOf(name: StatedAmount, text: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (amount <= MOST) return amount;
  throw new OperatorError({
    code: 'COST_AMOUNT_INVALID',
    seen: `--${name} is "${text}".`,
    why: `It states ${STATED_AMOUNTS[name]}, and the estimate would be wrong by as much.`,
    next: `Give a number without a unit from 0 to ${MOST}, as in --${name} 500.`,
  });
}
