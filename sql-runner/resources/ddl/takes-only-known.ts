import type { Guard } from '../../model/change';
import type { TargetObservation } from '../../model/observation';
import type { StreamOf } from '../../model/streams';
import { schemaOf } from './ddl-facts';

/**
 * A refresh takes every table that the publication sends and the subscription does not know, here without its rows: so
 * there must be none but the log.
 */
export function takesOnlyKnown(of: StreamOf, target: TargetObservation): Guard {
  const taken = (target.databases[of.database]?.taken ?? []).filter(
    ({ subscription }) => subscription === of.stream.subscription,
  );
  const known = [...taken.map(({ schema, name }) => [schema, name]), [schemaOf(of), 'log']];
  return {
    place: of.publisher,
    sql: `SELECT count(*) = 0 AS ok, string_agg(format('%I.%I', t.schemaname, t.tablename), ', ') AS unknown FROM pg_publication_tables t
           WHERE t.pubname = $1 AND NOT EXISTS (SELECT FROM jsonb_array_elements($2::jsonb) k
                   WHERE k ->> 0 = t.schemaname AND k ->> 1 = t.tablename)`,
    values: [of.stream.publication, JSON.stringify(known)],
    refusal: {
      code: 'TABLE_NOT_SUBSCRIBED',
      seen: `publication ${of.stream.publication} in database ${of.database} sends tables that subscription ${of.stream.subscription} does not know`,
      why: 'to take the log of DDL would take these too, without their rows',
      next: 'see what is to be done about them: sql-runner doctor',
    },
  };
}
