import type { LargeObjectsWanted, ObjectToCopy } from '../../model/large-objects';
import { inSnapshot, windowSpan, type ContentReader } from '../../observe/large-object-contents';
import { ownWrites } from '../../observe/own-large-object-writes';
import { largeObjectDigests, largeObjectPages } from '../../postgres/catalog/large-object-contents';
import {
  largeObjectProperties,
  largeObjectsAfter,
  type LargeObject,
  type LargeObjectProperties,
} from '../../postgres/catalog/large-objects';
import type { Session } from '../../postgres/session';
import { ObjectDigest, runsOf, windowDigest, windowsOf, WINDOW_PAGES } from '../../postgres/text/large-object-pages';
import { quoteInteger } from '../../postgres/text/quoting';
import { judgePair } from '../../resources/large-object-verdicts';
import { recordWrites } from '../large-object-record';
import { giveProperties, textOf } from './give-large-object-properties';

/** Who waits for the object on the clone waits behind this, so it is short. */
const LOCK_MS = 1_000;
/** inv_api.h */
const INV_WRITE = 131_072;

/** It is left as it was. */
export class NotCopied extends Error {}

export interface CopySides {
  readonly source: ContentReader;
  readonly target: ContentReader;
  readonly environment: string;
  readonly wanted: LargeObjectsWanted;
  /** See give-large-object-properties.ts. */
  readonly strangers: readonly string[];
}

interface Copied {
  readonly copied: number;
  /** Of those: owner, grants and comment are as on production as well. */
  readonly equal: number;
  readonly bytes: number;
  /** Production has them no more. */
  readonly gone: number;
}

export const limitLocks = (session: Session): Promise<object[]> =>
  session.query(`SET LOCAL lock_timeout = ${quoteInteger(LOCK_MS)}`);

/**
 * Some large objects as production has them in one snapshot, in one transaction on the clone, at the end of which each is
 * read back there and compared. All of them or none.
 */
export function copyGroup(sides: CopySides, group: readonly ObjectToCopy[]): Promise<Copied> {
  const { source, target } = sides;
  const copying = () =>
    target.session.transaction(async () => {
      await limitLocks(target.session);
      const properties = await largeObjectProperties(
        source.session,
        group.map(({ oid }) => oid),
      );
      const known = new Map(properties.map((one) => [one.oid, one]));
      let [bytes, equal] = [0, 0];
      for (const one of group) {
        const there = known.get(one.oid);
        if (there === undefined) continue;
        bytes += await copyOne(sides, one, there);
        if (await isAlike(sides, there)) equal += 1;
      }
      return { copied: known.size, equal, bytes, gone: group.length - known.size };
    });
  return source.session.transaction(copying, { isolation: 'repeatable read', readOnly: true });
}

/** @returns how many bytes were copied */
async function copyOne(sides: CopySides, planned: ObjectToCopy, properties: LargeObjectProperties): Promise<number> {
  const { source, target, environment, wanted } = sides;
  const { oid } = properties;
  const there = await listed(source, oid);
  if (there === null) throw new NotCopied('production has removed it meanwhile');
  if (!there.readable) throw new NotCopied('the login may not read it on production any more');
  const here = await listed(target, oid);
  const own = (await ownWrites(target.session, environment, [oid])).get(oid) ?? null;
  // What the plan has seen to differ is not read once more on production for that; on the clone it is, for who wrote it.
  const alike = here?.bytes === there.bytes && planned.as !== 'content';
  const contents = {
    ...(alike ? { there: await inSnapshot({ ...source, since: null }, oid) } : {}),
    ...(here?.readable === true ? { here: await inSnapshot(target, oid) } : {}),
  };
  const verdict = judgePair({ there, here }, { since: target.since, own, contents });
  if (verdict.kind === 'equal') return 0;
  if (verdict.kind !== 'lacking') throw new NotCopied(WHY[verdict.kind]);
  if (verdict.written && !wanted.overwrite) throw new NotCopied('somebody has written it on the clone meanwhile');
  const content = verdict.as !== 'properties';
  if (verdict.as === 'missing') await target.session.query('SELECT lo_create($1::oid)', [String(oid)]);
  if (content) await write(sides, there, verdict.as === 'content');
  const altered = await giveProperties(target.session, properties, sides.strangers);
  const made = verdict.as === 'missing' || altered;
  await recordWrites(target.session, environment, oid, { content, properties: made });
  return content ? there.bytes! : 0;
}

/** What is in it was compared. */
async function isAlike({ target }: CopySides, wanted: LargeObjectProperties): Promise<boolean> {
  const [now] = await largeObjectProperties(target.session, [wanted.oid]);
  return (
    now !== undefined &&
    now.role === wanted.role &&
    now.comment === wanted.comment &&
    textOf(now.grants) === textOf(wanted.grants)
  );
}

const WHY = {
  'unread-there': 'the login may not read it on production any more',
  'unread-here': 'the login may not read it on the clone',
  alone: 'production has removed it meanwhile',
  gone: 'production has removed it meanwhile',
} as const;

async function listed({ session, reading }: ContentReader, oid: number): Promise<LargeObject | null> {
  const [one] = await largeObjectsAfter(session, reading, oid - 1, 1);
  return one?.oid === oid ? one : null;
}

/** Window by window, so that no more than one of them is held here. Holes stay holes. */
async function write({ source, target }: CopySides, { oid, bytes: length }: LargeObject, anew: boolean): Promise<void> {
  const bytes = length!;
  if (anew) await truncate(target.session, oid, 0);
  const digest = new ObjectDigest(bytes);
  let end = 0;
  for (let window = 0; window < windowsOf(bytes);) {
    const pages = await largeObjectPages(source.session, source.reading, [windowSpan(oid, window)]);
    for (const run of runsOf(pages, bytes)) {
      await target.session.query('SELECT lo_put($1::oid, $2::int8, $3::bytea)', [String(oid), run.offset, run.data]);
      end = run.offset + run.data.length;
    }
    digest.window(window, windowDigest(pages));
    window = await nextWindow(source, oid, window);
  }
  if (end < bytes) await truncate(target.session, oid, bytes);
  const now = await inSnapshot({ ...target, since: null }, oid);
  if (now?.digest !== digest.hex()) throw new NotCopied('read back on the clone it is not as production has it');
}

/** Over holes, where they can be seen. */
async function nextWindow(source: ContentReader, oid: number, window: number): Promise<number> {
  if (source.reading === 'objects') return window + 1;
  const behind = { oid, first: (window + 1) * WINDOW_PAGES, end: (window + 1) * WINDOW_PAGES };
  const [row] = await largeObjectDigests(source.session, 'pages', [behind], null);
  return row?.next == null ? Infinity : Math.floor(row.next / WINDOW_PAGES);
}

async function truncate(session: Session, oid: number, bytes: number): Promise<void> {
  await session.query(
    `SELECT lo_truncate64(f.fd, $2::int8), lo_close(f.fd) FROM (SELECT lo_open($1::oid, ${quoteInteger(INV_WRITE)}) AS fd OFFSET 0) f`,
    [String(oid), bytes],
  );
}
