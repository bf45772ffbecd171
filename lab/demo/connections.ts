import { writeFileSync } from 'node:fs';
import { Client, type ClientConfig } from 'pg';
import type { Lab } from '../lab';
import { type Connect, WORKLOAD_DATABASES } from '../workload/seed';

/** Opens sessions by the configuration that the lab gives for a database at that moment. */
export function connectBy(configuration: (database: string) => ClientConfig): Connect {
  return async (database) => {
    const client = new Client(configuration(database));
    // A lab that goes down ends idle sessions too; without a listener that would end this process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
}

/** A database to look into by psql. */
export interface ExploreTarget {
  side: 'source' | 'clone';
  /** Connection string without the password. */
  url: string;
}

/** Writes a password file that only its owner can read, and returns connection strings that need it. */
export function exploreWith(lab: Lab, passwordFile: string): ExploreTarget[] {
  const targets = (['source', 'clone'] as const).flatMap((side) =>
    WORKLOAD_DATABASES.map((database) => ({
      side,
      config: side === 'source' ? lab.sourceConnection(database) : lab.cloneConnection(database),
    })),
  );
  const lines = targets.map(({ config }) =>
    [config.host, config.port, config.database, config.user, config.password].map(passField).join(':'),
  );
  writeFileSync(passwordFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  return targets.map(({ side, config }) => ({ side, url: connectionString(config, lab.env['PGSSLROOTCERT'] ?? '') }));
}

function connectionString({ host, port, database, user }: ClientConfig, caFile: string): string {
  const query = `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
  return `postgresql://${encodeURIComponent(user ?? '')}@${host}:${port}/${database}?${query}`;
}

/** https://www.postgresql.org/docs/current/libpq-pgpass.html: `:` and `\` are escaped. */
function passField(value: unknown): string {
  return String(value).replace(/[\\:]/g, '\\$&');
}
