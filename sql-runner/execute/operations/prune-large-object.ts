import { largeObjectsAfter } from '../../postgres/catalog/large-objects';
import { forgetWrites } from '../large-object-record';
import { limitLocks, type CopySides } from './copy-large-object-group';

/**
 * Removes one that production does not have, by now either.
 * @returns how many were removed
 */
export async function pruneObject({ source, target, environment }: CopySides, oid: number): Promise<number> {
  const [there] = await largeObjectsAfter(source.session, source.reading, oid - 1, 1);
  if (there?.oid === oid) return 0;
  return target.session.transaction(async () => {
    await limitLocks(target.session);
    const [here] = await largeObjectsAfter(target.session, target.reading, oid - 1, 1);
    if (here?.oid !== oid) return 0;
    await target.session.query('SELECT lo_unlink($1::oid)', [String(oid)]);
    await forgetWrites(target.session, environment, [oid]);
    return 1;
  });
}
