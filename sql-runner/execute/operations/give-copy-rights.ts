import type { Operation, SqlOperation } from '../../model/change';
import { schemaLent } from '../../resources/lent-names';
import type { Execution } from '../execution';
import { markOf, noteAdded } from './added-mark';
import { knownOf, publicationNamed, remembered, type Known } from './known-alterations';

type Giving = Extract<Operation, { kind: 'give-copy-rights' }>;

/**
 * A right on a schema writes the schema's row, which looks as if it had been renamed and put back: that it was ours is
 * noted at once, or the stream would be doubted because of it.
 */
export async function giveCopyRights(
  { stream, table, giving }: Giving,
  execution: Execution,
  run: (operation: SqlOperation) => Promise<void>,
): Promise<void> {
  const source = await execution.writer(giving.place);
  const clone = await execution.writer(stream.place);
  const [mark, copy] = [await markOf(clone, stream), await publicationNamed(clone, stream.publication)];
  const known = async (): Promise<Known> => knownOf(mark, copy, await publicationNamed(source, stream.publication));
  const before = await known();
  await run(giving);
  const more = remembered(mark, before, await known(), (what) => what === schemaLent(table.schema));
  if (Object.keys(more).length > 0) await noteAdded(clone, stream, (added) => added, more);
}
