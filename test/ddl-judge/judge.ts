import { eventually } from '../support/eventually';
import type { Entry, Journal } from './journal';
import type { Pair } from './pair';
import type { Sent } from './play';
import { rowDifference, rowsImage, type TableRows } from './rows-image';
import { schemaDifferences, schemaImage } from './schema-image';

/** As the worker says it, and sql-runner of its table. */
const RENAMED = /target relation .* does not exist .* production publishes no table of that name now: .* SET SCHEMA /s;

export interface Stopped {
  /** The transaction that the clone did not take. */
  readonly at: Entry;
  readonly named: Sent;
  readonly complaints: readonly string[];
}

/** Something that is not the same on both sides. */
interface Found {
  readonly about: string;
  /** Of a table, what is named by itself: a rule, a trigger, a policy. */
  readonly part?: string;
  /** Of a table, that rights on it alone are others. */
  readonly rights?: boolean;
  readonly words: string;
}

/** A promise that was broken, with all that the judge saw. */
export class Broken extends Error {}

/** Without progress for so long, whoever answers for the stream is asked whether it stands. */
const STANDS_MS = 1_500;
const PATIENCE_MS = 90_000;

/** Holds the clone against the journal. Nothing of the product takes part but its word on why a stream stands. */
export class Judge {
  /** Tables of the source, by oid, that replication takes care of: all that were equal once. */
  private followed = new Set<string>();

  constructor(
    private readonly pair: Pair,
    private readonly journal: Journal,
  ) {}

  /** Until the clone has the last mark, or stands still and somebody says why. */
  async settle(): Promise<Stopped | null> {
    let [had, since, complaints] = [-1, Date.now(), [] as string[]];
    const { mark } = this.journal.last;
    await eventually(async () => {
      const marks = await this.marks();
      if (marks.includes(mark)) return true;
      if (marks.length !== had) [had, since, complaints] = [marks.length, Date.now(), []];
      if (Date.now() - since < STANDS_MS) return false;
      const before = complaints;
      complaints = await this.pair.complaints();
      return before.length > 0 && complaints.length > 0;
    }, PATIENCE_MS).catch(() => {
      throw this.broken(
        `The clone has not taken mark ${mark} (it has ${had} marks), and nothing says why.\n${this.pair.log()}`,
      );
    });
    return complaints.length > 0 && !(await this.marks()).includes(mark) ? this.stopped(complaints) : null;
  }

  /** The clone has the last mark: what it follows has to be equal now, and everything once new tables are added. */
  async equal(): Promise<{ tables: number; rows: number; told: readonly string[] }> {
    this.expectPrefix(await this.marks(), this.journal.entries.length);
    let here = this.journal.last;
    await this.expectRows(here, this.followed, 'at a stop');
    let found = await this.everything(here);
    if (found.length > 0) {
      await this.pair.complete();
      await this.journal.lookAgain();
      here = this.journal.last;
      found = await this.everything(here);
    }
    const notes = found.length === 0 ? [] : await this.pair.notes();
    const untold = found.filter((one) => !isTold(one, notes));
    if (untold.length > 0)
      throw this.broken(
        `Unequal at a stop, once new tables were added, and nothing tells of it:\n${untold.map(({ words }) => words).join('\n')}\nTold: ${notes.join('\n') || 'nothing'}`,
      );
    const [subscribed, told] = [await this.subscribed(), new Set(found.map(({ about }) => about))];
    const tables = [...here.rows].filter(([, { name }]) => subscribed.has(name) && !told.has(name));
    this.followed = new Set(tables.map(([oid]) => oid));
    const rows = [...here.rows.values()].reduce((sum, table) => sum + table.rows.length, 0);
    return { tables: tables.length, rows, told: [...told] };
  }

  /** All that is not the same: rows of every table, and definitions. */
  private async everything(here: Entry): Promise<Found[]> {
    const there = await this.cloneRows();
    const rows = [...here.rows.values()].flatMap((table) => {
      const words = rowDifference(table, there.get(table.name));
      return words === null ? [] : [{ about: table.name, words: `rows of ${words}` }];
    });
    return [...rows, ...(await this.definitions(here))];
  }

  private async definitions(entry: Entry): Promise<Found[]> {
    const { cloneEyes, strangers } = this.pair;
    const clone = await unlessDeadlocked(() => schemaImage(cloneEyes, strangers));
    const lacks = [...entry.schema.keys()].filter((key) => key.startsWith('relation ') && !clone.has(key));
    const relations = lacks.map((key) => key.slice('relation '.length));
    return schemaDifferences(entry.schema, clone).map((words) => {
      const about = words.slice(words.indexOf(' ') + 1).split(': source ')[0]!;
      // Who tells that a table is not there has told of its columns.
      const gone = relations.find((name) => about.startsWith(`${name}.`));
      if (gone !== undefined) return { words, about: gone };
      const [, relation, part] = PART.exec(words.slice(0, words.indexOf(': source '))) ?? [];
      if (relation !== undefined && part !== undefined) return { words, about: relation, part };
      return { words, about, rights: ofRightsAlone(words) };
    });
  }

  private async stopped(complaints: readonly string[]): Promise<Stopped> {
    const marks = await this.marks();
    this.expectPrefix(marks, marks.length);
    const [before, at] = [this.journal.entries[marks.length - 1]!, this.journal.entries[marks.length]!];
    await this.expectRows(before, this.followed, `where it stopped, before mark ${at.mark}`);
    await this.expectSchema(before, `where it stopped, before mark ${at.mark}`, [
      ...complaints,
      ...(await this.pair.notes()),
    ]);
    const named =
      at.ddl.find(({ sql }) => complaints.some((one) => names(one, sql))) ?? this.renamedUnder(at, complaints);
    if (named === undefined)
      throw this.broken(
        `It stopped before mark ${at.mark}, and the finding does not name a statement of it.\nFinding: ${complaints.join('\n')}\nStatements: ${at.ddl.map(({ sql }) => sql).join('\n') || 'none'}`,
      );
    return { at, named, complaints };
  }

  /**
   * ALTER SCHEMA … RENAME waits for nobody: whoever has written to a table of it before, and commits after, is sent under the name
   * that it had. Such a transaction is of rows alone, and told by the old name of its table.
   */
  private renamedUnder(at: Entry, complaints: readonly string[]): Sent | undefined {
    if (at.ddl.length > 0 || !complaints.some((one) => RENAMED.test(one))) return undefined;
    const before = this.journal.entries.slice(0, this.journal.entries.indexOf(at));
    return before.flatMap(({ ddl }) => ddl).findLast(({ kind }) => kind === 'rename schema');
  }

  private async marks(): Promise<number[]> {
    const { rows } = await this.pair.cloneEyes.query<{ n: string }>('SELECT n FROM judge.marks ORDER BY n');
    return rows.map(({ n }) => Number(n));
  }

  /** An empty table is equal, and nobody may follow it. */
  private async subscribed(): Promise<Set<string>> {
    const { rows } = await this.pair.cloneEyes.query<{ name: string }>(
      `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_subscription_rel s
       JOIN pg_class c ON c.oid = s.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE s.srsubstate = 'r'`,
    );
    return new Set(rows.map(({ name }) => name));
  }

  /** Whole transactions in the order of their commits, each once: `n` is a key, and the journal has the order. */
  private expectPrefix(marks: readonly number[], count: number): void {
    const expected = this.journal.entries.slice(0, count).map(({ mark }) => mark);
    if (marks.join() !== [...expected].sort((a, b) => a - b).join())
      throw this.broken(
        `The clone has the marks ${marks.join()}, and the source's first ${count} are ${expected.join()}.`,
      );
  }

  private async cloneRows(): Promise<Map<string, TableRows>> {
    const image = await unlessDeadlocked(() => rowsImage(this.pair.cloneEyes));
    return new Map([...image.values()].map((table) => [table.name, table]));
  }

  private async expectRows(entry: Entry, oids: ReadonlySet<string>, when: string): Promise<void> {
    const there = await this.cloneRows();
    const differences = [...entry.rows]
      .filter(([oid]) => oids.has(oid))
      .flatMap(([, table]) => {
        const words = rowDifference(table, there.get(table.name));
        return words === null ? [] : [{ ...table, words }];
      });
    // A partition that is detached is sent no more, and nobody can follow it: but whoever is asked has to tell of it.
    const notes = differences.some(({ sent }) => !sent) ? await this.pair.notes() : [];
    const untold = differences.filter(({ sent, name }) => sent || !notes.some((note) => mentions(note, name)));
    if (untold.length > 0) throw this.broken(`Rows differ ${when}:\n${untold.map(({ words }) => words).join('\n')}`);
  }

  private async expectSchema(entry: Entry, when: string, notes: readonly string[]): Promise<void> {
    const found = await this.definitions(entry);
    const untold = found.filter((one) => !isTold(one, notes));
    if (untold.length > 0)
      throw this.broken(`Definitions differ ${when}:\n${untold.map(({ words }) => words).join('\n')}`);
  }

  private broken(words: string): Broken {
    return new Broken(`${words}\nWhat was sent last:\n${this.journal.script()}`);
  }
}

/** A worker that tries a statement again and again locks tables in another order than who reads them all. */
async function unlessDeadlocked<T>(look: () => Promise<T>): Promise<T> {
  for (let more = 5; ; more -= 1) {
    try {
      return await look();
    } catch (error) {
      if (more === 0 || (error as { code?: string }).code !== '40P01') throw error;
    }
  }
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** So much of a statement says which it is. */
const ENOUGH = 60;

function names(complaint: string, sql: string): boolean {
  return flat(complaint).includes(flat(sql).slice(0, ENOUGH));
}

/** A line of the image of something that is named beside its table. */
const PART = /^(?:rule|trigger|policy) ((?:"(?:[^"]|"")*"|[^".]+)\.(?:"(?:[^"]|"")*"|[^".]+))\.(.*)$/s;

function isTold({ about, part, rights = false }: Found, notes: readonly string[]): boolean {
  return notes.some(
    (note) =>
      (mentions(note, about) && (part === undefined || note.includes(part))) || (rights && ON_SOME_TABLE.test(note)),
  );
}

/** The server tells an event trigger of GRANT and REVOKE what kind of thing they are of, and not which. */
const ON_SOME_TABLE = /\["TABLE", ?null\]/;

/** A table of both sides on which roles have other rights, and nothing else is another. */
function ofRightsAlone(words: string): boolean {
  const [, source, clone] = /^relation .*?: source (\[.*\]), clone (\[.*\])$/s.exec(words) ?? [];
  if (source === undefined || clone === undefined) return false;
  const [here, there] = [source, clone].map((text) => (JSON.parse(text) as unknown[]).toSpliced(RIGHTS, 1, null));
  return JSON.stringify(here) === JSON.stringify(there);
}

/** Their place in a relation's line of the image. */
const RIGHTS = 3;

/** With its schema or without, quoted or not. */
function mentions(note: string, name: string): boolean {
  const bare = name.replace(/^("(?:[^"]|"")*"|[^".]+)\./, '');
  const plain = (text: string): string => text.replaceAll('""', '\u0000').replaceAll('"', '').replaceAll('\u0000', '"');
  return [name, plain(name), bare].some((one) => note.includes(one)) || note.includes(`"${plain(bare)}"`);
}
