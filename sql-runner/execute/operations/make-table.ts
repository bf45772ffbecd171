import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import { displayTable } from '../../model/table-selection';
import { relationsNamed } from '../../postgres/catalog/table-needs';
import type { Session } from '../../postgres/session';
import { quoteQualified } from '../../postgres/text/quoting';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { noteAdded } from './added-mark';

type Making = Extract<Operation, { kind: 'make-table' }>;

/** One transaction: the table, and in the mark of its stream that it is ours to fill. Nothing is left half-made. */
export async function makeTable(operation: Making, execution: Execution): Promise<void> {
  const { stream, table, statements, attach } = operation;
  const session = await execution.writer(stream.place);
  await namingWaits(stream.place, session, execution, () =>
    session.transaction(async () => {
      if (statements.length > 0) await refuseThere(session, operation);
      // Where statements are planned they are made of quoted names and of what the server wrote itself.
      // eslint-disable-next-line local/safe-sql
      for (const text of statements) await session.query(text);
      if (statements.length === 0) await refuseRows(session, operation);
      else await refuseOtherRights(session, operation);
      // eslint-disable-next-line local/safe-sql
      if (attach !== null) await session.query(attach);
      await noteAdded(session, stream, (added) => [...added.filter(({ oid }) => oid !== table.oid), table]);
    }),
  );
}

/** DDL of the source that follows the stream may have made it since it was planned. */
async function refuseThere(session: Session, { stream, table }: Making): Promise<void> {
  if ((await relationsNamed(session, [table])).length === 0) return;
  throw new OperatorError({
    code: 'NEW_TABLE_MOVED',
    seen: `the clone has a table ${displayTable(table)} in database ${stream.place.database} by now, and had none when it was planned to be made`,
    why: 'DDL that follows the stream has made it, or somebody; nothing of this change was made',
    next: 'run the same command again, which goes on with the table that is there',
  });
}

/** Asked of the rows themselves: the counters of a server know nothing of what was there before they began. */
export async function refuseRows(session: Session, { stream, table }: Pick<Making, 'stream' | 'table'>): Promise<void> {
  // Of a partitioned one those of its partitions, also of such as the source does not have.
  const all = `${table.parted === true ? '' : 'ONLY '}${quoteQualified(table)}`;
  const [row] = await session.query<{ empty: boolean }>(`SELECT NOT EXISTS (SELECT FROM ${all}) AS empty`);
  if (row!.empty) return;
  throw new OperatorError({
    code: 'NEW_TABLE_HAS_ROWS',
    seen: `table ${displayTable(table)} in database ${stream.place.database} has rows on the clone, and was to be copied into`,
    why: 'rows of the source would be put beside them, and be there twice or stop the copy',
    next: 'remove its rows on the clone, where nobody needs them, and do not drop it; then run the same command again',
  });
}

/** Default privileges of the clone (ALTER DEFAULT PRIVILEGES) may give more than the source does. */
async function refuseOtherRights(session: Session, { stream, table, rights }: Making): Promise<void> {
  const [row] = await session.query<{ same: boolean; found: string | null }>(
    `WITH found AS (
       SELECT jsonb_build_array(g.rolname, x.privilege_type) AS one FROM pg_class c
         CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x LEFT JOIN pg_roles g ON g.oid = x.grantee
        WHERE c.oid = to_regclass($1)),
     wanted AS (
       SELECT jsonb_build_array(w.grantee, w.privilege) AS one FROM jsonb_to_recordset($2::jsonb) w (grantee text, privilege text)
       UNION ALL
       SELECT jsonb_build_array(g.rolname, x.privilege_type) FROM pg_class c
         CROSS JOIN LATERAL aclexplode(acldefault('r', c.relowner)) x JOIN pg_roles g ON g.oid = x.grantee
        WHERE c.oid = to_regclass($1) AND $2::jsonb IS NULL)
     SELECT NOT EXISTS (SELECT one FROM found EXCEPT SELECT one FROM wanted) AS same,
            (SELECT string_agg(concat(one ->> 1, ' of ', coalesce(one ->> 0, 'PUBLIC')), ', ' ORDER BY one::text)
               FROM (SELECT one FROM found EXCEPT SELECT one FROM wanted) more) AS found`,
    [quoteQualified(table), rights],
  );
  if (row!.same) return;
  throw new OperatorError({
    code: 'NEW_TABLE_RIGHTS_DIFFER',
    seen: `default privileges of database ${stream.place.database} on the clone would give others rights on ${displayTable(table)} that they lack on the source: ${row!.found}`,
    why: 'a copy must show its rows to nobody who may not see them on the source; so it was not made',
    next: 'make the table on the clone yourself, empty and as on the source, with the rights that it is to have there, and run the same command again',
  });
}
