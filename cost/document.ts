import { z } from 'zod';
import { BESIDE, SECOND_MONTH } from './estimate/beside';
import type { Line } from './estimate/estimate';
import { HOURS } from './estimate/aurora';
import { STATED_AMOUNTS, type StatedAmount } from './estimate/stated';
import { TERMS, type Report } from './report';
import { usedSources } from './words';

/** Of the JSON of `npm run cost`: the second number goes up with what is added, the first with what means another thing. */
export const FORMAT_VERSION = '1.0';

const formatVersion = z
  .literal(FORMAT_VERSION)
  .describe('MAJOR.MINOR: additions raise the second number, anything else the first');
const usd = z.number().min(0).describe('in USD, whole cents');
const note = z.strictObject({ text: z.string(), look: z.url().describe('the page that says so') });
const side = z.enum(['source', 'target']);

const line = z.strictObject({
  side,
  resource: z.string().describe('type and name in the Terraform JSON'),
  what: z.string(),
  status: z.enum(['priced', 'free', 'unknown']),
  from: usd.nullable().describe('null: unknown'),
  to: usd.nullable().describe('null: unknown; the same as from where there is no range'),
  unit_price: z.number().nullable().describe('USD for one unit; null: not of this line, or unknown'),
  missing: z.enum(['price', 'amount', 'treatment']).nullable().describe('what is unknown; null: nothing'),
  state: z.string().nullable().describe('the option that would state the amount'),
  look: z.string().nullable().describe('the page of AWS to look at, or that says that it is free'),
});

/** What `npm run cost -- <environment> --json` prints. */
export const costDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    region: z.string(),
    stacks: z.strictObject({ source: z.string(), target: z.string() }),
    currency: z.literal('USD'),
    terms: z.string().describe('what the prices leave out'),
    hours_per_month: z.number(),
    stated: z.record(z.string(), z.number()).describe('amounts that were stated, by option'),
    lines: z.array(line),
    total: z.strictObject({
      from: usd.nullable().describe('null: nothing has a known price'),
      to: usd.nullable(),
      complete: z.boolean().describe('false: it leaves out what `without` names'),
      without: z.array(z.string()).describe('what is unknown, each once'),
    }),
    beside: z.array(note).describe('on the bill, not made by the stacks, and in no total'),
    second_month: note,
    sources: z.array(
      z.strictObject({ title: z.string(), url: z.string(), as_of: z.string(), seen: z.enum(['page', 'copy']) }),
    ),
  })
  .meta({ title: 'What npm run cost prints under --json' });

export type CostDocument = z.infer<typeof costDocument>;

export function documentOf({ environment, region, stacks, stated, prices, estimate }: Report): CostDocument {
  const { from, to, without, isKnown } = estimate.total;
  return {
    format_version: FORMAT_VERSION,
    environment,
    region,
    stacks,
    currency: 'USD',
    terms: TERMS,
    hours_per_month: HOURS,
    stated: Object.fromEntries(
      (Object.keys(STATED_AMOUNTS) as StatedAmount[]).flatMap((name) => {
        const value = stated[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    lines: estimate.lines.map(lineOf),
    total: {
      from: isKnown ? from / 100 : null,
      to: isKnown ? to / 100 : null,
      complete: without.length === 0,
      without: [...without],
    },
    beside: [...BESIDE],
    second_month: SECOND_MONTH,
    sources: usedSources(prices, estimate.lines).map(({ title, url, asOf, seen }) => ({
      title,
      url,
      as_of: asOf,
      seen,
    })),
  };
}

function lineOf({ side, type, name, what, amount }: Line): CostDocument['lines'][number] {
  const priced = amount.kind === 'priced' ? amount : undefined;
  const unknown = amount.kind === 'unknown' ? amount : undefined;
  const free = amount.kind === 'free' ? amount : undefined;
  const cents = (end: 'from' | 'to') => (priced ? priced[end] / 100 : free ? 0 : null);
  return {
    side,
    resource: `${type}.${name}`,
    what,
    status: amount.kind,
    from: cents('from'),
    to: cents('to'),
    unit_price: priced?.price.usd ?? null,
    missing: unknown?.missing ?? null,
    state: unknown?.option === undefined ? null : `--${unknown.option}`,
    look: unknown?.look ?? free?.source ?? null,
  };
}
