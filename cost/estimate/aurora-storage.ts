import type { Side } from '../../contract/contract';
import { free, metered, untreated, type Charge, type Metered } from './charge';
import type { PriceTable, Storage } from './price-table';
import type { Block } from './resources';
import type { Stated, StatedAmount } from './stated';

const GUIDE = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';
const PRICING = 'https://aws.amazon.com/rds/aurora/pricing/';

/** The source stack has a cluster only where production is its own. */
export const WHOSE: Readonly<Record<Side, string>> = { source: "production's", target: "the clone's" };

/**
 * A clone shares every page with its source at first, and gets its own where either side changes one (Aurora user guide,
 * "Overview of Aurora cloning"): anything from none of the data to all of it. Production holds all of it.
 */
export function volume(side: Side, block: Block, prices: PriceTable, stated: Stated): Charge[] {
  const storage = storageOf(block);
  if (storage === undefined) return [untreated(`storage of type ${String(block['storage_type'])}`)];
  const gb = stated['storage-gb'];
  const least = side === 'source' ? gb : 0;
  const name = storage === 'standard' ? 'Standard' : 'I/O-Optimized';
  return [
    metered(prices, {
      what: `storage, ${name}${gb === undefined ? '' : `, ${least === gb ? '' : 'none to '}${gb} GB`}`,
      key: { item: 'storage-gb-month', storage },
      quantity: gb === undefined || least === undefined ? null : [least, gb],
      look: PRICING,
      option: 'storage-gb',
    }),
    storage === 'io-optimized'
      ? // I/O requests are billed "for the Aurora Standard DB cluster configuration only".
        free('I/O requests', `${GUIDE}/User_DBInstanceBilling.html`)
      : metered(prices, {
          what: 'I/O requests',
          key: { item: 'io-million' },
          ...ofClone(side, 'io-millions', stated),
          look: PRICING,
        }),
  ];
}

/** "There is also no charge for an automated backup whose retention period is just 1 day" (Aurora user guide). */
export function backups(side: Side, block: Block, prices: PriceTable, stated: Stated): Charge {
  const days = block['backup_retention_period'];
  if (days === 1) return free('backups of 1 day', `${GUIDE}/aurora-storage-backup.html`);
  return metered(prices, {
    what: `backups of ${String(days ?? 'unknown')} days`,
    key: { item: 'backup-gb-month' },
    ...ofClone(side, 'backup-gb', stated),
    look: PRICING,
  });
}

/** What is stated of the clone is not production's: of that nobody has said anything, and no option would. */
function ofClone(side: Side, option: StatedAmount, stated: Stated): Pick<Metered, 'quantity' | 'option'> {
  if (side === 'source') return { quantity: null };
  const amount = stated[option];
  return { quantity: amount === undefined ? null : [amount, amount], option };
}

/** Absent is what a provider would do: Standard. Another one is not known. */
export function storageOf(block: Block): Storage | undefined {
  const type = block['storage_type'] ?? 'aurora';
  return type === 'aurora' ? 'standard' : type === 'aurora-iopt1' ? 'io-optimized' : undefined;
}
