import type { Random } from '../../lab/workload/random';

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

/** Gives names out, each once. */
export class HostileNames {
  private readonly given = new Set<string>();

  constructor(private readonly random: Random) {}

  /** A name for a database, a role or anything else that is part of a connection. */
  forConnections(): string {
    return this.unused(AWKWARD);
  }

  /**
   * Without a backslash: for the subscriber libpq turns it into E'…' (libpqwalreceiver.c, PQescapeLiteral), which the
   * grammar of START_REPLICATION does not know, and nothing can subscribe to the publication.
   */
  forPublication(): string {
    return this.unused(AWKWARD.filter((name) => !name.includes('\\')));
  }

  forObjects(): string {
    return this.unused([...AWKWARD, ...MULTI_LINE]);
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
