import { RUN } from '../model/run-id';
import { FORMAT_VERSION } from '../render/format-version';

/** What a command found, as one document. */
export function jsonDocument(found: object): string {
  return JSON.stringify({ format_version: FORMAT_VERSION, ...found }, null, 2);
}

/** One event of a run, or an error: a line of its own, with the run that says it. */
export function jsonLine(event: object): string {
  return JSON.stringify({ format_version: FORMAT_VERSION, run: RUN, ...event });
}
