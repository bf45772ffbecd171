import type { Random } from '../../lab/workload/random';
import { type Feature, type Named, type Trait, TRAITS } from './features';

/** PostgreSQL keeps 63 bytes of a name. */
const NAME_BYTES = 63;

/** Names that break whatever forgets to quote: SQL, format strings, conninfo, LISTs, shells, regular expressions. */
const AWKWARD = [
  'select',
  'User Group',
  'say "hi"',
  "it's",
  '"; DROP TABLE users; --',
  "'); SELECT pg_sleep(9); --",
  '$$ body $$',
  '$1',
  '%s %I %L',
  'Größe',
  '名前',
  '😀 face',
  'a.b.c',
  'back\\slash',
  ' leading',
  'trailing ',
  '{curly,list}',
  'null',
  '-- comment',
  '/* comment */',
  'host=evil dbname=x',
  'postgresql://evil/x',
  'tab\there',
  '\\x00',
  'İıſK',
];

/** Only where the server itself allows control characters in new names. */
const MULTI_LINE = ['two\nlines', 'carriage\rreturn'];

/** What ends up in a conninfo; the server takes control characters there, but clients do not agree on them. */
const OF_CONNECTIONS: readonly string[] = ['database', 'role', 'subscription', 'publication'];

/** Gives names out, each once. */
export class HostileNames {
  private readonly given = new Set<string>();
  private readonly seen = new Set<Feature>();

  constructor(private readonly random: Random) {}

  /** @param kind `object` for what is none of the others: types, indexes, labels */
  of(kind: Named | 'object'): string {
    const name = this.unused(basesFor(kind));
    if (kind !== 'object') for (const trait of traitsOf(name)) this.seen.add(`${kind} name: ${trait}`);
    return name;
  }

  /** What the names so far have been like. */
  get features(): readonly Feature[] {
    return [...this.seen];
  }

  private unused(bases: readonly string[]): string {
    for (;;) {
      const name = this.dressed(this.random.pick(bases));
      if (!this.given.has(name)) {
        this.given.add(name);
        return name;
      }
    }
  }

  /** As it is, with a number, or filled up to the last byte that PostgreSQL keeps. */
  private dressed(base: string): string {
    const choice = this.random.int(0, 3);
    if (choice === 0) return base;
    if (choice === 1) return `${base}${this.random.int(0, 99)}`;
    return fillUp(`${base}${this.random.int(0, 9)}`, this.random.pick(['x', 'ü', '"', "'"]));
  }
}

/**
 * A publication's has no backslash: for the subscriber libpq turns it into E'…' (libpqwalreceiver.c, PQescapeLiteral),
 * which the grammar of START_REPLICATION does not know, and nothing can subscribe to the publication.
 */
function basesFor(kind: Named | 'object'): readonly string[] {
  if (kind === 'publication') return AWKWARD.filter((name) => !name.includes('\\'));
  return OF_CONNECTIONS.includes(kind) ? AWKWARD : [...AWKWARD, ...MULTI_LINE];
}

function traitsOf(name: string): Trait[] {
  const has: Record<Trait, boolean> = {
    '63 bytes': Buffer.byteLength(name) === NAME_BYTES,
    'double quote': name.includes('"'),
    'not ASCII': /[^\x00-\x7f]/.test(name),
    'like an injection': /;|--|\$\$|\/\*|host=|:\/\//.test(name),
  };
  return TRAITS.filter((trait) => has[trait]);
}

function fillUp(name: string, filler: string): string {
  let long = name;
  while (Buffer.byteLength(long + filler) <= NAME_BYTES) long += filler;
  return long.padEnd(long.length + NAME_BYTES - Buffer.byteLength(long), '_');
}

/** Printable ASCII is what sql-runner accepts: outside of it clients disagree on what the characters are (SASLprep). */
export function hostilePassword(random: Random): string {
  const awkward = [`'`, '"', '\\', ' ', '=', '%', '$$', '#', '?', '@', '/', ':', '{', '}', ',', '--', ';', '`', '~'];
  return Array.from({ length: 12 }, () => random.pick(awkward)).join(random.bytes(1).toString('hex'));
}
