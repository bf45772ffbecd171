/** What the stacks cannot say and whoever asks may state: the option, and what it counts in a month. */
export const STATED_AMOUNTS = {
  'storage-gb': 'GB of data in production, and so in the clone',
  'backup-gb': "GB of the clone's backups beyond what is free",
  'io-millions': "millions of the clone's I/O requests in a month",
  'peering-gb': 'GB that go through the peering in a month',
} as const;

export type StatedAmount = keyof typeof STATED_AMOUNTS;

export type Stated = Readonly<Partial<Record<StatedAmount, number>>>;
