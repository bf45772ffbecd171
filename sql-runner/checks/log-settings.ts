import { isoTime } from './log-entries';

/** What was logged before it, for how long nobody knows, may be missing, or may not be read as it is meant. */
export interface ChangedSetting {
  readonly name: string;
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

/** That the server took over another setting on which its lines depend; null: it is another line. */
export function changedSetting(line: string): ChangedSetting | null {
  const name = CHANGED.exec(line)?.[1];
  if (name === undefined) return null;
  const [, date, time, zone] = HEAD.exec(line) ?? [];
  return { name, at: date === undefined ? null : isoTime(date, time!, zone!) };
}

export const settingWords = ({ name, at }: ChangedSetting): string =>
  `${name} was changed${at === null ? '' : ` at ${at}`}, and what was logged before may be missing`;
