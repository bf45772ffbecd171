import type { Session } from '../postgres/session';
import { quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import type { OwnWrites } from '../resources/large-object-verdicts';
import { largeObjectRecord } from '../resources/run-history';

/** Of these objects; none where no run has copied any. */
export async function ownWrites(
  session: Session,
  environment: string,
  oids: readonly number[],
): Promise<ReadonlyMap<number, OwnWrites>> {
  if (oids.length === 0) return new Map();
  const table = quoteQualified(largeObjectRecord(environment));
  const [found] = await session.query<{ there: boolean }>(
    `SELECT to_regclass(${quoteLiteral(table)}) IS NOT NULL AS there`,
  );
  if (!found!.there) return new Map();
  const rows = await session.query<{ object: number } & OwnWrites>(
    `SELECT object::int8::float8 AS object, content::float8 AS content, properties::float8 AS properties
       FROM ${table} WHERE object = ANY ($1::oid[])`,
    [oids.map(String)],
  );
  return new Map(rows.map(({ object, ...own }) => [object, own]));
}
