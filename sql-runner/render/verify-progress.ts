import { displayTable } from '../model/table-selection';
import type { VerifyEvent } from '../verify/types';
import { duration } from './duration';
import { wrapped } from './wrapped';

interface Reading {
  readonly what: string;
  /** Place among the tables of its database, from 1, and how many there are. */
  readonly place: string;
  readonly since: number;
  /** null: not known yet. */
  readonly estimatedRows: number | null;
  /** Once the buckets of both sides are there. */
  readonly read: { readonly rows: number; readonly rate: number } | null;
  /** Rows that are read again until both sides agree. */
  readonly open: number;
}

const COUNT = new Intl.NumberFormat('en-US');
/** The rate of a shorter reading says more of how it began. */
const RATED_MS = 1_000;

/**
 * How far a verification is inside the tables that it is reading. While one statement reads a table nothing tells how
 * far that is: what is left of it is reckoned from its estimated rows and from the rate of tables read before it.
 */
export class VerifyProgress {
  private readonly reading = new Map<string, Reading>();
  private readonly begun = new Map<string, number>();
  /** Rows a second; null: nothing was read for long enough. */
  private rate: number | null = null;

  /** @param at in milliseconds */
  hear(database: string, event: VerifyEvent, at: number): void {
    const what = `${database}: ${displayTable(event.kind === 'table-finished' ? event.verdict : event.table)}`;
    if (event.kind === 'table-started')
      return void this.reading.set(what, this.started(database, what, at, event.total));
    const before = this.reading.get(what);
    if (event.kind === 'table-finished') this.reading.delete(what);
    else if (before !== undefined) this.reading.set(what, this.after(before, event, at));
  }

  private started(database: string, what: string, since: number, total: number): Reading {
    const number = (this.begun.get(database) ?? 0) + 1;
    this.begun.set(database, number);
    return { what, place: `${number} of ${total}`, since, estimatedRows: null, read: null, open: 0 };
  }

  private after(
    before: Reading,
    event: Exclude<VerifyEvent, { kind: 'table-started' | 'table-finished' }>,
    at: number,
  ): Reading {
    if (event.kind === 'settling') return { ...before, open: event.open };
    if (event.kind === 'gave-way') return { ...before, since: at, read: null, open: 0 };
    if (event.kind === 'reading')
      return { ...before, since: at, estimatedRows: event.estimatedRows, read: null, open: 0 };
    const rate = event.rows / Math.max(1e-3, (at - before.since) / 1_000);
    if (at - before.since >= RATED_MS) this.rate = rate;
    return { ...before, read: { rows: event.rows, rate } };
  }

  /** A line, or as many as it needs, of each table that is being read. */
  lines(at: number): string[] {
    return [...this.reading.values()].flatMap((of) =>
      wrapped('  comparing', `${of.what}, table ${of.place}: ${this.standing(of, at)}`, 4),
    );
  }

  private standing({ since, estimatedRows, read, open }: Reading, at: number): string {
    const seconds = Math.max(0, (at - since) / 1_000);
    if (read !== null) {
      const again = open === 0 ? '' : `; ${COUNT.format(open)} of them are read again until both sides agree`;
      return `${COUNT.format(read.rows)} rows read, ${COUNT.format(Math.round(read.rate))} rows/s${again}`;
    }
    if (estimatedRows === null) return `looking at its columns, ${duration(seconds)} by now`;
    const left = this.rate === null ? 0 : estimatedRows / this.rate - seconds;
    const eta = left > 0 ? `, about ${duration(left)} left` : '';
    const about =
      estimatedRows > 0 ? `about ${COUNT.format(Math.round(estimatedRows))} rows` : 'its number of rows is not known';
    return `${about}, ${duration(seconds)} by now${eta}`;
  }
}
