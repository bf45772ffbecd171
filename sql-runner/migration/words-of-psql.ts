/**
 * What a text has at a place where the parser stopped that only psql understands; null: nothing of it.
 * @param place of the first character that is not SQL
 */
export function wordsOfPsql(text: string, place: number): string | null {
  const rest = text.slice(place);
  const meta = /^\\\S*/.exec(rest)?.[0];
  if (meta !== undefined && !dataOfCopy(text, place)) return `${meta} is a command of psql`;
  if (/^:['"{]?\w/.test(rest)) return `${/^:['"{]?\w+['"}]?/.exec(rest)![0]} is a variable of psql`;
  return dataOfCopy(text, place) ? 'the lines after COPY … FROM STDIN are data for psql' : null;
}

/** The last statement that ended before it reads what follows. */
function dataOfCopy(text: string, place: number): boolean {
  const before = text.slice(0, place);
  return /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$/i.test(before);
}
