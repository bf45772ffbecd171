/** How many names a sentence can bear. */
const READABLE = 10;

/** `a, b and 2 more`: as a list in a sentence, no longer than can be read. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, READABLE).join(', ');
  return names.length > READABLE ? `${shown} and ${names.length - READABLE} more` : shown;
}
