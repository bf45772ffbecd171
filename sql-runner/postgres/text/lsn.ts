/**
 * WAL positions. PostgreSQL writes a 64-bit byte position as two hexadecimal
 * halves (`16/B374D848`), so comparing the texts compares the wrong thing.
 * https://www.postgresql.org/docs/current/datatype-pg-lsn.html
 */
export type Lsn = string | bigint;

const LSN_TEXT = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/;

/** Byte position of the text form; throws SyntaxError on anything else. */
export function parseLsn(text: string): bigint {
  const match = LSN_TEXT.exec(text);
  if (match === null) throw new SyntaxError(`Not a WAL position: ${JSON.stringify(text)}`);
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

/** The text form as the server prints it: upper case, no leading zeros. */
export function formatLsn(position: bigint): string {
  if (position < 0n || position > 0xffff_ffff_ffff_ffffn) throw new RangeError(`Not a WAL position: ${position}`);
  const half = (bits: bigint): string => bits.toString(16).toUpperCase();
  return `${half(position >> 32n)}/${half(position & 0xffff_ffffn)}`;
}

const position = (lsn: Lsn): bigint => (typeof lsn === 'string' ? parseLsn(lsn) : lsn);

/** Negative when a is before b, 0 when equal, positive when after: fit for sort. */
export function compareLsn(a: Lsn, b: Lsn): number {
  const [left, right] = [position(a), position(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Bytes of WAL from one position to the other; negative when `to` is before `from`. */
export const lsnDistance = (from: Lsn, to: Lsn): bigint => position(to) - position(from);
