import type { DatabaseLargeObjects, ObjectToCopy, OwnedObject } from '../model/large-objects';
import {
  firstSubscribed,
  largeObjectProperties,
  largeObjectReading,
  largeObjectsAfter,
  rolesToOwn,
  type LargeObject,
} from '../postgres/catalog/large-objects';
import { currentFlushLsn } from '../postgres/catalog/server';
import type { Session } from '../postgres/session';
import { judgePair, oidOf, pairObjects, type ObjectPair, type ObjectVerdict } from '../resources/large-object-verdicts';
import { contentsOf, type ContentReader } from './large-object-contents';
import { ownWrites } from './own-large-object-writes';

/** So many are listed by one statement. */
const LISTED = 1_000;
/** So many are named in one plan; the others are counted, and are for the next run. */
const MOST_OBJECTS = 100_000;

interface Sides {
  readonly source: Session;
  readonly target: Session;
  readonly environment: string;
  /** Whom nothing is given on the clone, as nobody knows who they are there. */
  readonly strangers: readonly string[];
}

class Tally {
  constructor(private readonly most: number) {}

  readonly there = { count: 0, bytes: 0 };
  readonly here = { count: 0, bytes: 0 };
  equal = 0;
  more = 0;
  copied: ObjectToCopy[] = [];
  readonly written: ObjectToCopy[] = [];
  readonly alone: OwnedObject[] = [];
  readonly notOurs: OwnedObject[] = [];
  readonly unread = { source: [] as OwnedObject[], target: [] as OwnedObject[] };
  readonly owners = new Set<string>();
  readonly grantees = new Set<string>();

  add(pair: ObjectPair, verdict: ObjectVerdict): void {
    const { there, here } = pair;
    if (there !== null && verdict.kind !== 'gone') count(this.there, there);
    if (here !== null) count(this.here, here);
    if (verdict.kind === 'equal') this.equal += 1;
    if (verdict.kind === 'unread-there') this.listed(this.unread.source, there!);
    if (verdict.kind === 'unread-here') this.listed(this.unread.target, here!);
    if (verdict.kind === 'alone') this.listed(this.alone, here!);
    if (verdict.kind === 'alone' && !here!.isOurs) this.listed(this.notOurs, here!);
    if (verdict.kind === 'lacking') this.lacking(pair, verdict);
  }

  private lacking({ there, here }: ObjectPair, verdict: Extract<ObjectVerdict, { kind: 'lacking' }>): void {
    if (here !== null && !here.isOurs) return this.listed(this.notOurs, here);
    const { oid, role, bytes } = there!;
    const one = { oid, as: verdict.as, bytes: bytes ?? 0, role };
    const list = verdict.written ? this.written : this.copied;
    if (list.length >= this.most) this.more += 1;
    else list.push(one);
    if (here?.role !== role) this.owners.add(role);
  }

  private listed(list: OwnedObject[], { oid, role }: LargeObject): void {
    if (list.length < this.most) list.push({ oid, role });
    else this.more += 1;
  }
}

function count(amount: { count: number; bytes: number }, one: LargeObject): void {
  amount.count += 1;
  amount.bytes += one.bytes ?? 0;
}

/**
 * Every large object of one database, compared by what it reads as. Each is read on production at or after the position
 * that is taken first, in statements that read 8 MB or so; nothing of them comes here but digests.
 * @param most that are named of each kind; the others are counted
 */
export async function compareLargeObjects(
  { source, target, environment, strangers }: Sides,
  most = MOST_OBJECTS,
): Promise<DatabaseLargeObjects> {
  const position = await currentFlushLsn(source);
  const [there, here] = [await readerOf(source, null), await readerOf(target, await firstSubscribed(target))];
  const tally = new Tally(most);
  for (let after: number | null = 0; after !== null;) {
    const [listed, listedHere] = await Promise.all([
      largeObjectsAfter(source, there.reading, after, LISTED),
      largeObjectsAfter(target, here.reading, after, LISTED),
    ]);
    const { pairs, end } = pairObjects(listed, listedHere, LISTED);
    const verdicts = await judged(pairs, { there, here, environment });
    pairs.forEach((pair, index) => tally.add(pair, verdicts[index]!));
    for (const role of await granteesOf(source, pairs, verdicts)) tally.grantees.add(role);
    after = end;
  }
  const named = [...new Set([...tally.owners, ...tally.grantees])];
  const known = new Map(
    (await rolesToOwn(target, named))
      .filter(({ role }) => !strangers.includes(role))
      .map(({ role, settable }) => [role, settable]),
  );
  const [kept, notGiven] = apart(tally.copied, ({ as, role }) => as !== 'properties' || known.get(role) !== false);
  const { there: amount, here: amountHere, equal, more, written, alone, notOurs, unread } = tally;
  return {
    ...{ position, there: amount, here: amountHere, equal, more },
    ...{ copied: kept, written, alone, notOurs, unread },
    notGiven: notGiven.map(({ oid, role }) => ({ oid, role })),
    ownersNotOurs: [...tally.owners].filter((role) => known.get(role) === false).sort(),
    rolesMissing: named.filter((role) => !known.has(role) && !strangers.includes(role)).sort(),
    rolesNotKnown: named.filter((role) => strangers.includes(role)).sort(),
    writersSeen: here.reading === 'pages' && here.since !== null,
    logins: { source: source.target.user, target: target.target.user },
    versions: { source: source.serverVersionNum, target: target.serverVersionNum },
  };
}

function apart<T>(all: readonly T[], holds: (one: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))];
}

/** Who may do what with those that are copied. */
async function granteesOf(
  source: Session,
  pairs: readonly ObjectPair[],
  verdicts: readonly ObjectVerdict[],
): Promise<string[]> {
  const lacking = pairs.filter((_, index) => verdicts[index]!.kind === 'lacking').map(oidOf);
  if (lacking.length === 0) return [];
  const properties = await largeObjectProperties(source, lacking);
  return properties.flatMap(({ grants }) => grants.flatMap(({ role }) => role ?? []));
}

const readerOf = async (session: Session, since: number | null): Promise<ContentReader> => ({
  session,
  since,
  reading: await largeObjectReading(session),
});

interface Readers {
  readonly there: ContentReader;
  readonly here: ContentReader;
  readonly environment: string;
}

/** What differs in length is not read on production; on the clone it is, for who wrote it. */
async function judged(pairs: readonly ObjectPair[], { there, here, environment }: Readers): Promise<ObjectVerdict[]> {
  const both = pairs.filter((pair) => pair.there?.readable === true && pair.here?.readable === true);
  const alike = both.filter((pair) => pair.there!.bytes === pair.here!.bytes);
  const sized = (list: readonly ObjectPair[]) =>
    list.map((pair) => ({ oid: oidOf(pair), bytes: pair.here!.bytes ?? 0 }));
  const [thereIn, hereIn, own] = await Promise.all([
    contentsOf(there, sized(alike)),
    contentsOf(here, sized(both)),
    ownWrites(here.session, environment, both.map(oidOf)),
  ]);
  const [compared, read] = [new Set(alike), new Set(both)];
  return pairs.map((pair) =>
    judgePair(pair, {
      since: here.since,
      own: own.get(oidOf(pair)) ?? null,
      contents: {
        ...(compared.has(pair) ? { there: thereIn.get(oidOf(pair)) ?? null } : {}),
        ...(read.has(pair) ? { here: hereIn.get(oidOf(pair)) ?? null } : {}),
      },
    }),
  );
}
