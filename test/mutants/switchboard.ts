/** What the instrumented sources look at and count in. */
interface Switchboard {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

export const switchboard = ((globalThis as { __stryker__?: Switchboard }).__stryker__ ??= {});

/** Mutants that the sources came by while `currentTestId` was this one; null: while it was none. */
export function passedBy(testId: string | null): string[] {
  const coverage = switchboard.mutantCoverage;
  return Object.keys((testId === null ? coverage?.static : coverage?.perTest[testId]) ?? {});
}
