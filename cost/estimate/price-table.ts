import { z } from 'zod';

/** Of the volume, and of what is billed by it: Standard, or I/O-Optimized. */
export type Storage = 'standard' | 'io-optimized';

const storage = z.enum(['standard', 'io-optimized']);
const usd = z.number().positive();
const common = { usd, source: z.string(), sku: z.string().optional() };
const ofInstances = z.strictObject({ item: z.literal('instance-hour'), class: z.string(), storage, ...common });
const ofVolumes = z.strictObject({ item: z.enum(['acu-hour', 'storage-gb-month']), storage, ...common });
const ofOthers = z.strictObject({
  item: z.enum([
    'io-million',
    'backup-gb-month',
    'secret-month',
    'alarm-month',
    'composite-alarm-month',
    'dashboard-month',
    'custom-metric-month',
    'peering-gb',
    'fargate-vcpu-hour',
    'fargate-gb-hour',
    'fargate-arm-vcpu-hour',
    'fargate-arm-gb-hour',
  ]),
  ...common,
});

/** Where prices were read. */
const source = z.strictObject({
  title: z.string(),
  url: z.url({ protocol: /^https$/ }),
  /** The day of the price list, or the day on which a page said so. */
  asOf: z.iso.date(),
  /** AWS itself was read, or a public copy that names what it copied. */
  seen: z.enum(['page', 'copy']),
});

/** The prices of one Region: only those that a source with a date says. What is not in it is unknown, never 0. */
export const priceTableSchema = z
  .strictObject({
    region: z.string(),
    currency: z.literal('USD'),
    sources: z.record(z.string(), source),
    prices: z.array(z.union([ofInstances, ofVolumes, ofOthers])),
  })
  .superRefine(({ sources, prices }, context) => {
    const keys = prices.map(keyText);
    prices.forEach((price, index) => {
      const path = ['prices', index];
      if (!Object.hasOwn(sources, price.source))
        context.addIssue({ code: 'custom', path, message: `its source "${price.source}" is not among the sources` });
      if (keys.indexOf(keyText(price)) !== index)
        context.addIssue({ code: 'custom', path, message: `${keyText(price)} stands there twice` });
    });
    for (const name of Object.keys(sources))
      if (!prices.some((price) => price.source === name))
        context.addIssue({ code: 'custom', path: ['sources', name], message: 'no price is of this source' });
  });

export type PriceTable = z.infer<typeof priceTableSchema>;
export type Price = PriceTable['prices'][number];

/** What a price is of. */
export type PriceKey =
  | Pick<z.infer<typeof ofInstances>, 'item' | 'class' | 'storage'>
  | Pick<z.infer<typeof ofVolumes>, 'item' | 'storage'>
  | Pick<z.infer<typeof ofOthers>, 'item'>;

/** undefined: unknown. */
export function priceOf({ prices }: PriceTable, key: PriceKey): Price | undefined {
  return prices.find((price) => keyText(price) === keyText(key));
}

function keyText(key: PriceKey): string {
  return [key.item, 'class' in key ? key.class : '', 'storage' in key ? key.storage : ''].filter(Boolean).join(' ');
}
