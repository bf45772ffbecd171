import type { Session } from '../session';

/** Where a server tells at which position a transaction ends that it cannot apply. */
const TELLS_POSITION = 150_000;
/** Where ALTER SUBSCRIPTION … SKIP is for owners; in 15 it is for superusers alone, which nobody is on RDS. */
const FOR_OWNERS = 160_000;

export interface WaysToSkip {
  readonly versionNum: number;
  /** This login may have the server skip a transaction by its position. */
  readonly byPosition: boolean;
}

export async function waysToSkip(session: Session): Promise<WaysToSkip> {
  const versionNum = session.serverVersionNum;
  if (versionNum < TELLS_POSITION || versionNum >= FOR_OWNERS)
    return { versionNum, byPosition: versionNum >= FOR_OWNERS };
  const [row] = await session.query<{ isSuperuser: boolean }>(
    `SELECT current_setting('is_superuser') = 'on' AS "isSuperuser"`,
  );
  return { versionNum, byPosition: row?.isSuperuser === true };
}
