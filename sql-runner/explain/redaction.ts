import { OperatorError } from '../../errors/operator-error';
import { quoteLiteral } from '../postgres/text/quoting';

/**
 * The last line of defence. Secrets are kept out of statements, plans and
 * messages in the first place; but servers, drivers and AWS word errors of their
 * own and may quote what they were given. So whatever leaves the process goes
 * through `redact`, which knows every secret that came into it.
 */
export const REDACTED = '(sensitive)';

/**
 * RDS asks for eight characters at least. What is shorter is a part of ordinary
 * words and numbers as well, and crossing these out would tell the secret.
 */
const SHORTEST = 8;

/** Of every secret, the longest first: one can be a part of another. */
let forms: readonly string[] = [];

/** From now on the secret appears in no output, however it is escaped. */
export function keepSecret(secret: string): void {
  if (secret.length < SHORTEST) return;
  forms = [...new Set([...forms, ...formsOf(secret)])].sort((a, b) => b.length - a.length);
}

export function redact(text: string): string {
  return forms.reduce((left, form) => (left.includes(form) ? left.split(form).join(REDACTED) : left), text);
}

/** Without its cause too: that is the error as the server or the driver made it. */
export function redactError(error: OperatorError): OperatorError {
  const { code, seen, why, next, location, also } = error;
  const redacted = { seen: redact(seen), why: redact(why), next: redact(next) };
  const clean = new OperatorError({
    code,
    ...redacted,
    also,
    location: location === undefined ? undefined : redact(location),
  });
  clean.stack = error.stack === undefined ? undefined : redact(error.stack);
  return clean;
}

/** As it stands in a conninfo, an SQL literal, a startup packet, a URL, and each of them in JSON. */
function formsOf(secret: string): string[] {
  const inConninfo = secret.replace(/[\\']/g, '\\$&');
  const plain = [secret, inConninfo];
  const inLiterals = plain.flatMap((text) => [unquoted(quoteLiteral(text)), text.replace(/'/g, "''")]);
  const inOptions = plain.map((text) => text.replace(/[\\\s]/g, '\\$&'));
  const all = [...plain, ...inLiterals, ...inOptions, ...inUrls(secret)];
  return [...new Set([...all, ...all.map((text) => JSON.stringify(text).slice(1, -1))])];
}

function inUrls(secret: string): string[] {
  // Half of a surrogate pair has no URL form.
  if (/\p{Surrogate}/u.test(secret)) return [];
  const upper = [encodeURIComponent(secret), encodeURI(secret), new URLSearchParams({ s: secret }).toString().slice(2)];
  return upper.flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** pg writes ` E'…'` when there is a backslash, else `'…'`. */
function unquoted(literal: string): string {
  return literal.slice(literal.indexOf("'") + 1, -1);
}
