import { randomUUID } from 'node:crypto';
import { NAME_BYTES } from '../../contract/postgres-names';

/** This run of sql-runner: in its events, in its log, in the history, and in the names of its sessions. */
export const RUN = randomUUID();

/** A name that is longer the server would cut (NAMEDATALEN): of the run then stands only its beginning, or nothing. */
export function applicationName(environment: string, run: string = RUN): string {
  const name = `sql-runner ${environment}`;
  const fitting = [`${name} ${run}`, `${name} ${run.slice(0, 8)}`].find((one) => Buffer.byteLength(one) <= NAME_BYTES);
  return fitting ?? name;
}
