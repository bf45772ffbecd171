/** Of these the second word says what it is about. */
const OF_TWO_WORDS = /^(?:ALTER|CREATE|DROP|LOCK|REFRESH|VACUUM)$/;
/** What may stand before the statement that matters. */
const BEFORE = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|(?:BEGIN|START|SET)\b[^;]*;)/i;

/**
 * `ALTER TABLE` of `ALTER TABLE orders ADD …`: a statement without anything that could be a secret. null where it
 * cannot be told. Pure.
 */
export function statementKind(query: string | null): string | null {
  let rest = query ?? '';
  for (let found = BEFORE.exec(rest); found !== null; found = BEFORE.exec(rest)) rest = rest.slice(found[0].length);
  const [first, second] = (/^[a-z]+(?:\s+[a-z]+)?\b/i.exec(rest)?.[0] ?? '').toUpperCase().split(/\s+/);
  if (!first) return null;
  return second !== undefined && OF_TWO_WORDS.test(first) ? `${first} ${second}` : first;
}
