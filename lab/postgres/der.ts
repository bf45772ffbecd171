/**
 * The few parts of ASN.1's DER (ITU-T X.690) that a certificate is made of.
 * Written out here because Node makes keys and signatures but no certificates.
 */

const encode = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);

function lengthOf(content: Buffer): Buffer {
  if (content.length < 0x80) {
    return Buffer.from([content.length]);
  }
  const hex = content.length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...parts: Buffer[]): Buffer => encode(0x30, Buffer.concat(parts));
export const set = (...parts: Buffer[]): Buffer => encode(0x31, Buffer.concat(parts));
export const utf8String = (text: string): Buffer => encode(0x0c, Buffer.from(text, 'utf8'));
export const octetString = (bytes: Buffer): Buffer => encode(0x04, bytes);
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]));

/** A bit string; `unused` counts the bits of the last byte that do not belong to it. */
export const bitString = (bytes: Buffer, unused = 0): Buffer =>
  encode(0x03, Buffer.concat([Buffer.from([unused]), bytes]));

/** A non-negative integer, big-endian. A leading zero keeps DER from reading it as negative. */
export function integer(bytes: Buffer): Buffer {
  return encode(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** `[n]`, around other elements or, for primitive ones, around bare bytes. */
export const context = (number: number, content: Buffer, constructed: boolean): Buffer =>
  encode((constructed ? 0xa0 : 0x80) | number, content);

/** UTCTime, which RFC 5280 requires for dates before 2050. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '').slice(2, 14);
  return encode(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

/** An object identifier in dots: `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const groups = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) {
    groups.unshift((left & 0x7f) | 0x80);
  }
  return groups;
}
