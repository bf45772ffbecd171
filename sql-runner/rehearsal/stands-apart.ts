import { compareRows } from './compared-rows';
import type { ScratchPair } from './scratch-pair';
import { writeRound } from './writes';
import type { Stage } from './stage';
import type { Writer } from './writer';

/**
 * Writes of every kind before anything is tried: where both sides define something else the clone may not follow as it is.
 * @returns what was seen; null: it follows
 */
export async function standsApart(pair: ScratchPair, writer: Writer): Promise<string | null> {
  let stage: Stage;
  try {
    stage = await pair.stage();
  } catch (error) {
    return `the clone cannot take what is published: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    await writeRound(stage, writer);
    const stopped = await stage.settle();
    if (stopped !== null) return `the stream stops: ${stopped}`;
    const [first] = await compareRows(stage);
    return first === undefined ? null : `rows of ${first.table} differ: ${first.words}`;
  } finally {
    await pair.drop(stage);
  }
}
