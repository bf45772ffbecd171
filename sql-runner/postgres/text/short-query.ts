const LONGEST = 60;

/** Comments, then literals of each form, whole or cut off at the end (track_activity_query_size), names, and numbers. */
const TOKENS =
  /--[^\n]*|\/\*[^]*?(?:\*\/|$)|\$([A-Za-z_]\w*)?\$[^]*?(?:\$\1\$|$)|\b[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)|(?:\b(?:[bBxXnN]|[uU]&))?'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?\w*/g;

/** A statement as one short line, with … for every value in it: values may be secrets, and names are not. */
export function shortQuery(query: string): string {
  // Whether a backslash before a quote goes on with the literal depends on a setting of its session.
  const told = query.includes(`\\'`) ? `${query.split("'", 1)[0]}'` : query;
  const plain = told
    .replace(TOKENS, (token) => {
      if (token.startsWith('--') || token.startsWith('/*')) return ' ';
      if (/^["A-Za-z_\u0080-\uffff]/.test(token) && !/^\w*&?'/.test(token)) return token;
      return /^\$\d+$/.test(token) ? token : '…';
    })
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).trimEnd()}…` : plain;
}
