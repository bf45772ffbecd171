const MINUTE = 60_000;

interface Told<T> {
  readonly value: T;
  /** Those of the same key before it that were held back. */
  readonly heldBack: number;
}

/** Lets pass so many a minute and key. The last of those that are held back follows as soon as there is room. */
export class AtMost<T> {
  private readonly passed = new Map<string, number[]>();
  private readonly held = new Map<string, { value: T; count: number }>();

  constructor(private readonly perMinute: number) {}

  /** @returns null: it is held back */
  offer(key: string, value: T, at: number): Told<T> | null {
    const count = this.held.get(key)?.count ?? 0;
    if (this.hasRoom(key, at)) return this.pass(key, value, count, at);
    this.held.set(key, { value, count: count + 1 });
    return null;
  }

  /** What was held back and may go now. */
  due(at: number): Told<T>[] {
    return [...this.held].flatMap(([key, { value, count }]) =>
      this.hasRoom(key, at) ? [this.pass(key, value, count - 1, at)] : [],
    );
  }

  private hasRoom(key: string, at: number): boolean {
    return (this.passed.get(key) ?? []).filter((time) => at - time < MINUTE).length < this.perMinute;
  }

  private pass(key: string, value: T, heldBack: number, at: number): Told<T> {
    this.held.delete(key);
    this.passed.set(key, [...(this.passed.get(key) ?? []).filter((time) => at - time < MINUTE), at]);
    return { value, heldBack };
  }
}
