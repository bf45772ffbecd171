import type { TableName } from '../model/observation';
import type { ReplicaTrigger } from '../postgres/catalog/apply-obstacles';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import { firingTrigger } from '../resources/firing-trigger';
import type { Found, TargetCheck } from './check';
import { replicatedBy, streamsFor, type Rooted } from '../model/streams';
import type { TargetDatabaseSurvey, TargetSurvey, Scope } from '../model/survey';

/** What on the clone stops the apply worker, or makes it write more than the source did. */
const triggers: TargetCheck = {
  code: 'TRIGGERS_FIRE_ON_APPLY',
  holds: 'no trigger of the clone fires for replicated rows',
  side: 'target',
  run: (target, scope) =>
    inDatabases(target, scope, (database, survey, replicates) =>
      survey.triggers
        .filter(({ table, name: _, ...trigger }) => replicates({ ...trigger, name: table }))
        .map((trigger) => firing(database, trigger, scope)),
    ),
};

/** Of one that is not connected yet plan knows more: copies of the source's it sets to local writes only. */
function firing(database: string, trigger: ReplicaTrigger, { contract, connected }: Scope): Found {
  const { code: _, stops: __, ...found } = firingTrigger(contract, database, trigger, connected);
  return connected ? found : { ...found, severity: 'warn' };
}

const rowSecurity: TargetCheck = {
  code: 'ROW_SECURITY_STOPS_APPLY',
  stops: ['connect'],
  holds: 'no row security stops the apply worker',
  side: 'target',
  run: (target, scope) =>
    inDatabases(target, scope, (database, survey, replicates) =>
      survey.rowSecurity.filter(replicates).map((table) => ({
        severity: 'block',
        seen: `table ${displayTable(table)} in database ${database} on the clone has FORCE ROW LEVEL SECURITY, and its owner ${table.owner} does not bypass it`,
        why: 'the apply worker writes as the owner of the table, and refuses where policies would hold for it',
        next: `in database ${database} on the clone: ALTER TABLE ${quoteQualified(table)} NO FORCE ROW LEVEL SECURITY;`,
      })),
    ),
};

const owners: TargetCheck = {
  code: 'TABLE_NOT_APPLIABLE',
  stops: ['connect'],
  holds: 'the apply worker may become the owner of every table',
  side: 'target',
  run: (target, scope) =>
    inDatabases(target, scope, (database, survey, replicates) => {
      const tables = survey.notAppliable.filter(replicates);
      const names = [...new Set(tables.map((table) => table.owner))];
      return names.map((owner) => ({
        severity: 'block',
        seen: `in database ${database} on the clone, ${target.login} cannot become ${owner}, who owns ${tables
          .filter((table) => table.owner === owner)
          .map(displayTable)
          .join(', ')}`,
        why: 'from PostgreSQL 16 on the apply worker writes as the owner of each table, and stops where it may not',
        next: `in database ${database} on the clone: GRANT ${quoteIdent(owner)} TO ${quoteIdent(target.login)} WITH SET TRUE;`,
      }));
    }),
};

/** Each stream is applied by a worker of its own, and no table is in two. */
function inOtherStream({ contract }: Scope, database: string, root: TableName, referenced: TableName): boolean {
  const [[one], [other]] = [streamsFor(contract, database, root), streamsFor(contract, database, referenced)];
  return one !== undefined && other !== undefined && one.stream !== other.stream;
}

/** The apply worker truncates what it is sent and no further, whatever the source did (apply_handle_truncate in worker.c). */
const truncation: TargetCheck = {
  code: 'TRUNCATE_STOPS_APPLY',
  holds: 'every table that references a replicated one is replicated with it',
  side: 'target',
  run: (target, scope) =>
    inDatabases(target, scope, (database, { foreignKeys }, replicates) =>
      foreignKeys
        .filter(({ root, referenced, unlogged }) => {
          if (!replicates(referenced)) return false;
          return unlogged || !replicates(root) || inOtherStream(scope, database, root, referenced);
        })
        .map((key) => ({
          severity: 'warn',
          seen: `in database ${database} on the clone ${displayTable({ schema: key.schema, name: key.table })} references ${displayTable(key.referenced)}, and is not replicated with it`,
          why: 'a TRUNCATE … CASCADE on the source would stop the apply worker: it refuses to truncate a table that others reference',
          next: `in database ${database} on the clone: ALTER TABLE ${quoteQualified({ schema: key.schema, name: key.table })} DROP CONSTRAINT ${quoteIdent(key.name)};`,
        })),
    ),
};

function inDatabases(
  target: TargetSurvey,
  scope: Scope,
  look: (database: string, survey: TargetDatabaseSurvey, replicates: (table: Rooted) => boolean) => Found[],
): Found[] {
  return Object.entries(target.databases).flatMap(([database, survey]) =>
    look(database, survey, replicatedBy(scope, database)),
  );
}

export const applyObstacleChecks = [triggers, rowSecurity, owners, truncation];
