import type { DocumentPath, Problem } from '../errors/problem';

/** JavaScript's own name for something else: the check of the shape leaves it out, and says nothing. */
const DROPPED = '__proto__';

/** Keys of free mappings (tags, parameters) that would not arrive anywhere. */
export function droppedKeys(content: unknown, path: DocumentPath = []): Problem[] {
  if (Array.isArray(content)) return content.flatMap((entry, index) => droppedKeys(entry, [...path, index]));
  if (typeof content !== 'object' || content === null) return [];
  return Object.entries(content).flatMap(([key, value]) =>
    key === DROPPED
      ? [
          {
            code: 'UNKNOWN_KEY' as const,
            seen: `${path.join('.')} has the key ${DROPPED}.`,
            why: 'It is a word of JavaScript, and would be left out without a word.',
            next: 'Choose another key.',
            path: [...path, key],
            atKey: true,
          },
        ]
      : droppedKeys(value, [...path, key]),
  );
}
