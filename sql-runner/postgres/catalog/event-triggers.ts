import type { Session } from '../session';

/** An event trigger of the current database. */
export interface EventTrigger {
  readonly oid: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly owner: string;
  /** The login owns it, or has the privileges of its owner. */
  readonly mayAlter: boolean;
  /** The extension it belongs to. */
  readonly extension: string | null;
  /** shared_preload_libraries of the server; null: the login may not see it. Absent: nobody looked. */
  readonly preloaded?: string | null;
}

export async function eventTriggers(session: Session): Promise<EventTrigger[]> {
  return session.query<EventTrigger>(
    `SELECT e.oid::int8::float8 AS oid, e.evtname::text AS name, e.evtenabled <> 'D' AS enabled,
            pg_get_userbyid(e.evtowner)::text AS owner, pg_has_role(e.evtowner, 'USAGE') AS "mayAlter",
            (SELECT x.extname::text FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
              WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e'
                AND d.refclassid = 'pg_extension'::regclass) AS extension,
            (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries') AS preloaded
       FROM pg_event_trigger e ORDER BY 2`,
  );
}
