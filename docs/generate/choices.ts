/**
 * Texts of which parts are one thing or another, kept as one string until it is
 * known how they are to be shown: `\u0001` one `\u0002` other `\u0003`.
 */
const INNERMOST = /\u0001([^\u0001\u0003]*)\u0003/;

export function choice(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  return distinct.length === 1 ? distinct[0]! : `\u0001${distinct.join('\u0002')}\u0003`;
}

/** For people: `A / B` for one or the other. */
export function shown(text: string): string {
  const parts = INNERMOST.exec(text);
  if (parts === null) return text;
  const options = parts[1]!.split('\u0002').filter((option) => option !== '');
  return shown(text.replace(INNERMOST, () => options.join(' / ')));
}

/** Each text that it can be, white space as single spaces. */
export function variantsOf(text: string): string[] {
  const parts = INNERMOST.exec(text);
  if (parts === null) return [text.replace(/\s+/g, ' ').trim()];
  const each = parts[1]!.split('\u0002').flatMap((option) => variantsOf(text.replace(INNERMOST, () => option)));
  return [...new Set(each)];
}
