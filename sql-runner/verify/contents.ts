import type { Readings } from './suspect';

/** Every content that each of some rows was seen with; null stands for its absence. */
export class Contents {
  private readonly seen: Map<string, Set<string | null>>;

  constructor(private readonly ids: readonly string[]) {
    this.seen = new Map(ids.map((id) => [id, new Set()]));
  }

  add(readings: Readings): void {
    for (const id of this.ids) this.seen.get(id)!.add(readings.get(id)?.content ?? null);
  }

  of(id: string): ReadonlySet<string | null> {
    return this.seen.get(id)!;
  }
}
