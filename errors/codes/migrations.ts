/** Of statements that are judged before they run. */
export const MIGRATION_CODES = {
  DDL_BREAKS: 'A statement of a migration breaks replication in every order of the sides.',
  DDL_FAILS: 'A statement of a migration fails on a scratch copy of the schema.',
  DDL_FILE_EMPTY: 'A file of SQL to be judged has no statement in it.',
  DDL_FILE_UNREADABLE: 'A file of SQL to be judged cannot be read, or is not there.',
  DDL_NEEDS_ORDER: 'A statement of a migration leaves the copy whole only in a certain order.',
  DDL_NOT_JUDGED: 'A statement of a migration was not tried, or its rows were not looked at.',
  DDL_NOT_SQL: 'A file to be judged holds what only psql understands.',
  DDL_ROLLED_BACK: 'A file of SQL to be judged takes back a part of itself.',
  DDL_SCHEMA_UNREADABLE: 'The schema that a migration is to be judged on cannot be had.',
  DDL_SCRATCH_FAILED: 'A local server for the trial of a migration did not do its work.',
  DDL_SERVER_MISSING: 'No local PostgreSQL of the right major version was found to try a migration on.',
  DDL_SYNTAX: 'A file of SQL cannot be parsed.',
  DDL_TABLE_UNPUBLISHED: 'No published table is in the schema that a migration is judged on.',
} as const;
