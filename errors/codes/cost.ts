/** Of the estimate of what an environment costs. */
export const COST_CODES = {
  COST_AMOUNT_INVALID: 'An amount is none that an estimate can be made with.',
  PRICES_INVALID: 'The price table of a Region is not as it must be.',
  PRICES_MISSING: 'A Region has no price table.',
} as const;
