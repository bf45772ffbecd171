/** In lines of so many columns; a word that is longer, as a path, stays whole, so that it can be copied. */
export function wrapped(text: string, columns: number): string[] {
  const rest = new RegExp(`\\S.{0,${columns - 2}}(?=\\s|$)|\\S+`, 'g');
  return text.match(rest) ?? [];
}
