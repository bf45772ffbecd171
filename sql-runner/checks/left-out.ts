import type { Found, SourceCheck } from './check';
import type { SourceDatabaseSurvey, SourceSurvey } from '../model/survey';

/** What logical replication leaves out by its nature (PostgreSQL manual, "Logical Replication: Restrictions"). Notes, not faults. */
const sequences: SourceCheck = {
  code: 'SEQUENCES_NOT_REPLICATED',
  holds: 'there are no sequences, which would not be replicated',
  side: 'source',
  run: (source, { contract }) =>
    each(
      source,
      ({ unreplicated }) => unreplicated.sequences > 0,
      (database, { unreplicated }) => ({
        severity: 'info',
        seen: `database ${database} has ${unreplicated.sequences} sequences`,
        why: 'on the clone they stand where they stood when it was taken, or were set last: inserting there would repeat numbers',
        next: `nothing while the clone is only read; before it is written to: sql-runner sequences ${contract.environment}`,
      }),
    ),
};

const largeObjects: SourceCheck = {
  code: 'LARGE_OBJECTS_NOT_REPLICATED',
  holds: 'there are no large objects, which would not be replicated',
  side: 'source',
  run: (source, { contract }) =>
    each(
      source,
      ({ unreplicated }) => unreplicated.largeObjects > 0,
      (database, { unreplicated }) => ({
        severity: 'info',
        seen: `database ${database} has ${unreplicated.largeObjects} large objects`,
        why: 'the clone has those of the moment it was taken, and never sees a later change',
        next: `as often as their readers need, by a scheduler: sql-runner large-objects ${contract.environment}`,
      }),
    ),
};

const materializedViews: SourceCheck = {
  code: 'MATERIALIZED_VIEWS_NOT_REPLICATED',
  holds: 'there are no materialised views, which would not be refreshed',
  side: 'source',
  run: (source, { contract }) =>
    each(
      source,
      ({ unreplicated }) => unreplicated.materializedViews > 0,
      (database, { unreplicated }) => ({
        severity: 'info',
        seen: `database ${database} has ${unreplicated.materializedViews} materialised views`,
        why: 'a refresh on the source does not reach the clone; its copies keep the rows of the moment it was taken',
        next: `as often as their readers need, by a scheduler: sql-runner refresh ${contract.environment}`,
      }),
    ),
};

/** A slot moves with what its database writes; on Aurora there is nothing else that moves it. */
const idle: SourceCheck = {
  code: 'DATABASE_IDLE',
  holds: 'every replicated database is written to',
  side: 'source',
  run: (source) =>
    each(
      source,
      ({ rowsWritten }) => rowsWritten === 0,
      (database) => ({
        severity: 'info',
        seen: `no row of database ${database} was written since its statistics were reset`,
        why: 'the slot of an idle database can stand still while other databases write, and WAL piles up behind it',
        next: 'have a job write a row of any table of it now and then',
      }),
    ),
};

function each(
  source: SourceSurvey,
  applies: (survey: SourceDatabaseSurvey) => boolean,
  finding: (database: string, survey: SourceDatabaseSurvey) => Found,
): Found[] {
  return Object.entries(source.databases)
    .filter(([, survey]) => applies(survey))
    .map(([database, survey]) => finding(database, survey));
}

export const leftOutChecks = [sequences, largeObjects, materializedViews, idle];
