import type { Random } from '../../../lab/workload/random';
import { COLUMN_CHANGE_KINDS } from './column-changes';
import { COLUMN_KINDS } from './columns';
import { CONSTRAINT_KINDS } from './constraints';
import { INDEX_KINDS } from './indexes';
import type { Kind } from './kind';
import { OTHER_KINDS } from './others';
import { TABLE_KINDS } from './tables';
import { TYPE_KINDS } from './types';

export const KINDS: readonly Kind[] = [
  ...COLUMN_KINDS,
  ...COLUMN_CHANGE_KINDS,
  ...TABLE_KINDS,
  ...CONSTRAINT_KINDS,
  ...INDEX_KINDS,
  ...TYPE_KINDS,
  ...OTHER_KINDS,
];

/** Kinds that may stop the stream end a seed, so they are rarer: `daring` of a hundred. */
export function randomKind(random: Random, daring: number): Kind {
  const claim = random.int(1, 100) <= daring ? 'stop' : 'follow';
  const all = KINDS.filter((kind) => kind.claim === claim);
  return random.pick(all.flatMap((kind) => Array.from({ length: kind.weight ?? 1 }, () => kind)));
}
