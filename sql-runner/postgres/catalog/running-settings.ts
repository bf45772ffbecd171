import type { Session } from '../session';

/**
 * What settings are now, as a parameter group writes values: in their base
 * units, on and off as 1 and 0. Names that the server does not know are left out.
 */
export async function runningSettings(session: Session, names: readonly string[]): Promise<Record<string, string>> {
  const rows = await session.query<{ name: string; value: string }>(
    `SELECT name, CASE vartype WHEN 'bool' THEN CASE setting WHEN 'on' THEN '1' ELSE '0' END ELSE setting END AS value
       FROM pg_settings WHERE name = ANY ($1::text[]) AND setting IS NOT NULL ORDER BY 1`,
    [names],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
