import { stripVTControlCharacters } from 'node:util';

/**
 * Text in lines of at most 80 columns, each after the first further in. It breaks at spaces alone, and at none within
 * quotes: a name, or a statement's text, is copied as it is.
 * @param head what the first line begins with
 */
export function wrapped(head: string, text: string, indent: number): string[] {
  const lines = [head];
  for (const word of wordsOf(text)) {
    const last = lines.at(-1)!;
    const isBlank = last.trim() === '';
    const longer = isBlank ? `${last}${word}` : `${last} ${word}`;
    const fits = stripVTControlCharacters(longer).length <= WIDTH || isBlank;
    if (fits) lines[lines.length - 1] = longer;
    else lines.push(' '.repeat(indent) + word);
  }
  return lines;
}

const WIDTH = 80;

/** At spaces that stand in no quotes. An apostrophe within a word opens none. */
function wordsOf(text: string): string[] {
  return text.match(/(?:(?<![\w)])'[^']*'|"[^"]*"|[^\s])+/g) ?? [];
}
