/**
 * Writes a value whenever there is a new one, one at a time: of those that come meanwhile only the last. The first
 * failure is told, and ends it.
 */
export class LatestKept<T> {
  private latest: T | undefined;
  private writing: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly write: (value: T) => Promise<void>,
    private readonly failed: (cause: unknown) => void,
  ) {}

  put(value: T): void {
    this.latest = value;
    this.writing ??= this.writeAll();
  }

  /** Everything that was put is written, or nothing more is. */
  async settled(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  stop(): void {
    this.stopped = true;
  }

  private async writeAll(): Promise<void> {
    // Whoever has put it goes on first.
    await Promise.resolve();
    while (this.latest !== undefined && !this.stopped) {
      const value = this.latest;
      this.latest = undefined;
      try {
        await this.write(value);
      } catch (cause) {
        if (!this.stopped) this.failed(cause);
        this.stopped = true;
      }
    }
    // Before anybody else has a turn: what is put from now on begins anew.
    this.writing = null;
  }
}
