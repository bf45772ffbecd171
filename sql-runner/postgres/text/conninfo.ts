/**
 * libpq keyword/value connection strings, as a subscription keeps them.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
 */

/** Setting of the writing sessions on the clone that holds the conninfo; see session.ts for why. */
export const CONNINFO_SETTING = 'acas.conninfo';

/** Every value in single quotes: an unquoted one ends at a blank, and an empty one would vanish. */
export function formatConninfo(params: Readonly<Record<string, string | number>>): string {
  return Object.entries(params)
    .map(([key, value]) => `${checkedKey(key)}='${escapeValue(String(value))}'`)
    .join(' ');
}

function checkedKey(key: string): string {
  if (!/^[a-z_]+$/.test(key)) throw new TypeError('A conninfo keyword is lower-case letters and underscores');
  return key;
}

function escapeValue(value: string): string {
  // The message leaves the value out: it may be a password.
  if (value.includes('\0')) throw new TypeError('A conninfo value cannot contain a NUL character');
  return value.replace(/[\\']/g, '\\$&');
}
