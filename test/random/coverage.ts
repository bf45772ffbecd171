import { FEATURES, type Feature } from './features';

/** How often one seed did what. */
export type Counts = Partial<Record<Feature, number>>;

/**
 * Counts what reached the clone through replication, or was there while it was
 * set up: a change counts when it met a row and its transaction was committed
 * after the clone was taken.
 */
export class Coverage {
  private readonly counted = new Map<Feature, number>();

  add(features: Iterable<Feature>, times = 1): void {
    for (const feature of features) this.counted.set(feature, (this.counted.get(feature) ?? 0) + times);
  }

  /** The clone is taken: it has everything so far. */
  forget(): void {
    this.counted.clear();
  }

  get counts(): Counts {
    return Object.fromEntries(this.counted);
  }
}

/** From this many seeds on, every feature must have been in some. */
const ENOUGH_SEEDS = 50;

/** What must not be rare. Streaming depends on how fast the walsender reads, so nothing but a count tells. */
const SHARES: Partial<Record<Feature, number>> = {
  'large transaction streamed before its commit': 1 / 4,
  'large transaction spilled to disk': 1 / 4,
  'TOASTed value left unchanged': 1 / 2,
  'prepared across the clone, then committed': 1 / 2,
  'open across the clone, then committed': 1 / 2,
};

interface Row {
  readonly feature: Feature;
  readonly seeds: number;
  readonly times: number;
  readonly lacking: boolean;
}

function rowsOf(seeds: readonly Counts[]): Row[] {
  return FEATURES.map((feature) => {
    const times = seeds.map((counts) => counts[feature] ?? 0);
    const having = times.filter((count) => count > 0).length;
    const wanted = Math.max(1, seeds.length * (SHARES[feature] ?? 0));
    const lacking = seeds.length >= ENOUGH_SEEDS && having < wanted;
    return { feature, seeds: having, times: times.reduce((sum, count) => sum + count, 0), lacking };
  });
}

/** One line a feature: in how many of the seeds it was, and how often in all of them. */
export function coverageTable(seeds: readonly Counts[]): string {
  const lines = rowsOf(seeds).map(({ feature, seeds: having, times, lacking }) =>
    [String(having).padStart(6), String(times).padStart(8), `  ${feature}${lacking ? '  <- too few' : ''}`].join(''),
  );
  return [' seeds   times  what was in the workload', ...lines].join('\n');
}

/** Features that were in too few of the seeds; none where there are not enough seeds to tell. */
export function lackingFeatures(seeds: readonly Counts[]): Feature[] {
  return rowsOf(seeds)
    .filter(({ lacking }) => lacking)
    .map(({ feature }) => feature);
}
