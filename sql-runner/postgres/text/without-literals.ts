/**
 * The text of somebody else's statement for people: without its values, which may be secrets or anybody's data, and on
 * one line. What is quoted and has no end (the server cuts long statements) is left out to the end.
 */
const QUOTED =
  /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)|[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|\\?$)|'(?:''|[^'])*(?:'|$)|"(?:""|[^"])*(?:"|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\b\d[\w.]*/g;

export function withoutLiterals(sql: string, length = 120): string {
  const clean = sql.replace(QUOTED, (found) => {
    // Names stay, comments go; whatever else it is, it is a value.
    if (found.startsWith('"')) return found;
    return found.startsWith('--') || found.startsWith('/*') ? ' ' : '…';
  });
  const line = clean.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
