import { isoTime, serverLine } from './log-entries';

/** What was logged before it, for how long nobody knows, may be missing, or may not be read as it is meant. */
export interface ChangedSetting {
  /** null: which one nobody knows. */
  readonly name: string | null;
  /** ISO 8601; null: the beginning of the line cannot be read. */
  readonly at: string | null;
}

/**
 * Of a reload (ProcessConfigFileInternal in guc.c). Whatever the prefix is: that may be what was changed. What was raised to
 * log nothing is told when it is put back.
 */
const CHANGED =
  /\bparameter "(log_(?:min_messages|min_error_statement|error_verbosity|line_prefix|timezone|destination|filename|rotation_age|truncate_on_rotation)|logging_collector|lc_messages)" (?:changed to "|removed from configuration file)/;
const HEAD = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([A-Z]{1,5}|[+-]\d\d)[: ]/;

/** By the postmaster, before it takes over what it finds (process_pm_reload_request in postmaster.c). */
const RELOADS = /^received SIGHUP, reloading configuration files$/;
/** What a server logs first when it is started (PostmasterMain; StartupXLOG in xlog.c). */
const STARTS = /^(?:starting PostgreSQL |listening on |database system was (?:interrupted|shut down))/;

/** Of the lines of one log, each of which it must be shown once, in their order. */
export class LogSettings {
  /** The server reloaded its settings, and has logged nothing since. */
  private isSilent = false;

  /**
   * That the server took over another setting on which its lines depend. One by which it logs nothing more hides that it was
   * taken over; put back in the file it is in force with the next start, of which nothing tells either. So a reload after
   * which nothing was logged until a start may have been that one.
   * @returns null: the line tells nothing of it
   */
  read(line: string): ChangedSetting | null {
    const name = CHANGED.exec(line)?.[1];
    if (name !== undefined) {
      this.isSilent = false;
      const [, date, time, zone] = HEAD.exec(line) ?? [];
      return { name, at: date === undefined ? null : isoTime(date, time!, zone!) };
    }
    // A session's line may look like anything.
    const own = serverLine(line);
    if (own?.level !== 'LOG') return null;
    const wasSilent = this.isSilent;
    this.isSilent = RELOADS.test(own.words);
    return wasSilent && STARTS.test(own.words) ? { name: null, at: own.at } : null;
  }
}

export function settingWords({ name, at }: ChangedSetting): string {
  const when = at === null ? '' : ` at ${at}`;
  return name === null
    ? `nothing was logged from a reload of the settings until the server was started${when}, and what was done may be missing`
    : `${name} was changed${when}, and what was logged before may be missing`;
}
