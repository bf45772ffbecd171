import { createHash, type Hash } from 'node:crypto';

/**
 * A large object is kept in pages of LOBLKSIZE, a quarter of a block (large_object.h). One that is not there, or is shorter
 * than it could be, reads as zeros; where the last one ends, the object ends.
 */
export const PAGE_BYTES = 2_048;
/** So many pages are read or hashed at a time: 8 MB. */
export const WINDOW_PAGES = 4_096;

export interface Page {
  readonly number: number;
  readonly data: Buffer;
}

/** What stands in a row from an offset on. */
export interface Run {
  readonly offset: number;
  readonly data: Buffer;
}

export const windowsOf = (bytes: number): number => Math.ceil(bytes / (PAGE_BYTES * WINDOW_PAGES));

const isZero = (data: Buffer): boolean => data.every((byte) => byte === 0);

const padded = (data: Buffer): Buffer =>
  data.length === PAGE_BYTES ? data : Buffer.concat([data, Buffer.alloc(PAGE_BYTES - data.length)]);

/** Pages in their order as what is to be written; pages of zeros alone stay holes. */
export function runsOf(pages: readonly Page[], bytes: number): Run[] {
  const runs: { offset: number; parts: Buffer[] }[] = [];
  let next = -1;
  for (const { number, data } of pages) {
    if (isZero(data)) continue;
    const offset = number * PAGE_BYTES;
    const part = padded(data).subarray(0, Math.max(0, bytes - offset));
    if (number === next) runs.at(-1)!.parts.push(part);
    else runs.push({ offset, parts: [part] });
    next = number + 1;
  }
  return runs.map(({ offset, parts }) => ({ offset, data: Buffer.concat(parts) }));
}

/** Of the pages of one window, as windowDigestSql has the server compute it; null: all of it reads as zeros. */
export function windowDigest(pages: readonly Page[]): string | null {
  let hash: Hash | null = null;
  for (const { number, data } of pages) {
    if (isZero(data)) continue;
    hash ??= createHash('sha256');
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(number);
    hash.update(prefix).update(createHash('sha256').update(padded(data)).digest());
  }
  return hash === null ? null : hash.digest('hex');
}

/** Of a whole object: its length and its windows. Two that read the same have the same one, however they are kept. */
export class ObjectDigest {
  private readonly hash = createHash('sha256');

  constructor(bytes: number) {
    this.hash.update(`${bytes}`);
  }

  /** In their order. */
  window(number: number, digest: string | null): this {
    if (digest !== null) this.hash.update(` ${number}:${digest}`);
    return this;
  }

  hex(): string {
    return this.hash.digest('hex');
  }
}
