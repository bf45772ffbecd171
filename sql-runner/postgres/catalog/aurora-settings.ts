import type { Session } from '../session';

/** Settings that only Aurora and RDS have; null where the server does not know them. */
export interface AuroraSettings {
  readonly enhancedLogicalReplication: string | null;
  readonly forceSsl: string | null;
}

export async function auroraSettings(session: Session): Promise<AuroraSettings> {
  const [row] = await session.query<AuroraSettings>(
    `SELECT current_setting('aurora.enhanced_logical_replication', true) AS "enhancedLogicalReplication",
            current_setting('rds.force_ssl', true) AS "forceSsl"`,
  );
  return row!;
}
