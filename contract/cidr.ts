/** An IPv4 block as the first and last address it covers, both unsigned 32-bit numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** Without leading zeros, which AWS does not take, and others read as octal. */
const CIDR = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\/(0|[1-9]\d?)$/;

/** The range of a CIDR block; undefined when it is malformed or has host bits set. */
export function parseCidr(text: string): AddressRange | undefined {
  const match = CIDR.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** True when the two blocks share at least one address. */
export function rangesOverlap(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}
