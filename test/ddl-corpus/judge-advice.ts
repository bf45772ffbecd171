import type { JudgePair } from './judge-pair';
import { sameRows, write } from './judge-writes';

interface PrintedStep {
  readonly side: 'source' | 'clone';
  readonly sql: readonly string[];
  readonly after: 'in-sync' | 'at-once' | null;
}

/**
 * Does what was advised, word by word, while an application writes.
 * @param steps for a subscription of this name
 * @param nobody the subscription belongs to no superuser
 * @returns what went wrong
 */
export async function carriesThrough(
  pair: JudgePair,
  steps: (subscription: string) => readonly PrintedStep[],
  mayStop: boolean,
  nobody: boolean,
): Promise<string | null> {
  const both = await pair.follow();
  try {
    if (nobody) await both.ownedByNobodySpecial();
    for (const { side, sql, after } of steps(both.name)) {
      if (after === 'in-sync' && !(await both.catchesUp())) return 'it is never in sync before the second side';
      for (const text of sql) {
        if (text.startsWith('ALTER SUBSCRIPTION')) await both.refreshed();
        else await both[side].query(text);
      }
      await write(both.source);
      if (!mayStop && !(await both.catchesUp())) return 'the stream stops in the order that was advised';
    }
    await write(both.source);
    if (!(await both.catchesUp())) return 'the stream stands still after all that was advised';
    return (await sameRows(both.source, both.clone)) ? null : 'rows differ after all that was advised';
  } catch (error) {
    return `what was advised fails: ${(error as Error).message}`;
  } finally {
    await both.end();
  }
}
