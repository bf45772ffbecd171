import { changeOf, type Change } from '../model/change';
import type { DatabaseLargeObjects, Lacking, LargeObjectsWanted, ObjectToCopy } from '../model/large-objects';
import { someOf } from './some-of';

/**
 * What is copied of one database, and removed, in one change; each is read once more when its turn comes.
 * null: nothing is.
 */
export function copyChange(database: string, read: DatabaseLargeObjects, wanted: LargeObjectsWanted): Change | null {
  const objects = [...read.copied, ...(wanted.overwrite ? read.written : [])].sort((a, b) => a.oid - b.oid);
  const notOurs = new Set(read.notOurs.map(({ oid }) => oid));
  const prune = wanted.prune ? read.alone.map(({ oid }) => oid).filter((oid) => !notOurs.has(oid)) : [];
  if (objects.length === 0 && prune.length === 0) return null;
  const parts = [
    ...(objects.length === 0 ? [] : [`${objectsText(objects.length)} of the clone become as production has them then`]),
    ...(prune.length === 0 ? [] : [`${objectsText(prune.length)} that production does not have are removed`]),
  ];
  return changeOf({
    address: { side: 'target', database, kind: 'large-objects' },
    action: 'update',
    reason: parts.join('; '),
    preview: [
      '-- small ones some at a time, each large one for itself; read back on the clone before its transaction ends',
      ...(['missing', 'content', 'properties'] as const).flatMap((as) => listed(objects, as)),
      ...(prune.length === 0 ? [] : [`-- lo_unlink: ${someOf(prune.map(String))}`]),
    ],
    operation: {
      kind: 'copy-large-objects',
      place: { side: 'target', database },
      wanted,
      objects,
      prune,
      seen: { position: read.position, there: read.there.count, equal: read.equal },
    },
  });
}

export const objectsText = (count: number): string => `${count} large ${count === 1 ? 'object' : 'objects'}`;

const WORDS: Readonly<Record<Lacking, string>> = {
  missing: 'lo_create, lo_put',
  content: 'lo_truncate64, lo_put',
  properties: 'owner, grants, comment',
};

function listed(objects: readonly ObjectToCopy[], as: Lacking): string[] {
  const own = objects.filter((one) => one.as === as);
  if (own.length === 0) return [];
  const bytes = own.reduce((sum, one) => sum + one.bytes, 0);
  const size = as === 'properties' ? '' : ` (${bytes} bytes)`;
  return [`-- ${WORDS[as]}: ${someOf(own.map(({ oid }) => String(oid)))}${size}`];
}
