import type { ScratchSession } from '../postgres/scratch-session';
import { PUBLISHED_SQL } from './plain-worker';
import { PUBLICATION } from './stage';

/** What decides who may write, by object. */
export interface Rights {
  readonly objects: ReadonlyMap<string, RightsOnOne>;
  /** Who owns what is published. */
  readonly owners: ReadonlySet<string>;
}

interface RightsOnOne {
  /** Its owner and row level security; of a role what it may whatever is granted. */
  readonly fixed: string;
  /** Whom what is granted. */
  readonly granted: readonly string[];
}

export async function rightsOf(session: ScratchSession): Promise<Rights> {
  const rows = await session.query<RightsOnOne & { id: string }>(
    `SELECT 'class ' || oid AS id, ROW(relowner, relrowsecurity, relforcerowsecurity)::text AS fixed,
            ${grantedSql('coalesce(relacl, acldefault(CASE relkind WHEN $$S$$ THEN $$s$$ ELSE $$r$$ END::"char", relowner))')}
              || ARRAY(SELECT concat_ws(' ', attnum, grantee, privilege_type) FROM pg_attribute, aclexplode(attacl)
                        WHERE attrelid = c.oid AND attacl IS NOT NULL) AS granted
       FROM pg_class c WHERE relkind IN ('r', 'p', 'S') AND oid >= 16384
     UNION ALL SELECT 'schema ' || oid, nspowner::text, ${grantedSql("coalesce(nspacl, acldefault('n', nspowner))")} FROM pg_namespace
     UNION ALL SELECT 'function ' || oid, proowner::text, ${grantedSql("coalesce(proacl, acldefault('f', proowner))")} FROM pg_proc WHERE oid >= 16384
     UNION ALL SELECT 'type ' || oid, typowner::text, ${grantedSql("coalesce(typacl, acldefault('T', typowner))")} FROM pg_type WHERE oid >= 16384
     UNION ALL SELECT 'members', '', ARRAY(SELECT m::text FROM pg_auth_members m)
     UNION ALL SELECT 'role ' || oid, ROW(rolsuper, rolinherit, rolbypassrls)::text, '{}' FROM pg_roles`,
  );
  const owners = await session.query<{ owner: string }>(
    `SELECT DISTINCT t.relowner::text AS owner FROM (${PUBLISHED_SQL}) t`,
    [PUBLICATION],
  );
  return {
    objects: new Map(rows.map(({ id, fixed, granted }) => [id, { fixed, granted }])),
    owners: new Set(owners.map(({ owner }) => owner)),
  };
}

const grantedSql = (acl: AclSql): string =>
  `ARRAY(SELECT concat_ws(' ', grantee, privilege_type) FROM aclexplode(${acl}))`;

/** What nobody has given or taken yet is NULL in the catalog, and stands for a default. */
type AclSql = `coalesce(${string}, acldefault(${string}))`;

/** Something is gone from what was there, or a published table belongs to somebody new. What is only given takes nothing. */
export function mayTake(before: Rights, after: Rights): boolean {
  if ([...after.owners].some((owner) => !before.owners.has(owner))) return true;
  return [...before.objects].some(([id, { fixed, granted }]) => {
    const now = after.objects.get(id);
    return now !== undefined && (now.fixed !== fixed || granted.some((one) => !now.granted.includes(one)));
  });
}
