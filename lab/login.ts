import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { shellWord } from '../errors/shell-word';
import { labCommand } from './hints';
import type { Lab, Side } from './lab';

/** What a PostgreSQL client needs to log in as the master user of a side. */
export interface Login {
  readonly side: Side;
  /** Connection string without the password, for the side's first database unless another is asked for. */
  readonly url: string;
  /** For PGPASSFILE; only its owner can read it. */
  readonly passwordFile: string;
}

const passwordFileOf = (lab: Lab): string => join(lab.directory, 'pgpass');

/** The daemon does it with each change of what there is. The file goes with the lab. */
export function writePasswords(lab: Lab): void {
  const lines = lab.sides.map((one) => passLine(lab.connection(one, '*')));
  writeFileSync(passwordFileOf(lab), `${lines.join('\n')}\n`, { mode: 0o600 });
}

export function loginOf(lab: Lab, side: Side, database?: string): Login {
  const passwordFile = passwordFileOf(lab);
  // A lab that was started by another version may have none.
  writePasswords(lab);
  const config = lab.connection(side, database ?? firstDatabase(lab, side));
  return { side, url: connectionString(config, lab.state.caFile), passwordFile };
}

/** How to log in to each database of each side that is there, by psql or any other client. */
export function howToLogIn(lab: Lab): string[] {
  const places = lab.sides.flatMap((side) => lab.cluster(side).databases.map((database) => ({ side, database })));
  const named = (side: Side): string => (side === 'source' ? 'production' : 'the clone');
  return [
    `To look into ${lab.sides.map(named).join(' and ')}:`,
    ...places.map(({ side, database }) => `  ${labCommand(lab.state.name, `psql ${side} ${shellWord(database)}`)}`),
    'By any other client; the passwords are in that file:',
    `  export PGPASSFILE=${shellWord(loginOf(lab, 'source').passwordFile)}`,
    ...places.map(({ side, database }) => `  psql ${shellWord(loginOf(lab, side, database).url)}`),
  ];
}

/** The side's databases are the environment's, in the order of its file. */
export function firstDatabase(lab: Lab, side: Side): string {
  return lab.cluster(side).databases[0] ?? 'postgres';
}

function connectionString({ host, port, database, user }: ClientConfig, caFile: string): string {
  const query = `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
  return `postgresql://${encodeURIComponent(user ?? '')}@${host}:${port}/${encodeURIComponent(database ?? '')}?${query}`;
}

/** https://www.postgresql.org/docs/current/libpq-pgpass.html: `:` and `\` are escaped, `*` is every database. */
function passLine({ host, port, database, user, password }: ClientConfig): string {
  return [host, port, database, user, password].map((value) => String(value).replace(/[\\:]/g, '\\$&')).join(':');
}
