import type { Fires } from './provocations';

/** What a server would keep, or keeps, of statements with a secret. */
export const FIRES_ON_SECRETS: readonly Fires[] = [
  [
    'SOURCE_SECRET_IN_STATISTICS',
    'warn',
    ({ source }) =>
      Object.assign(source.databases.shop!.keptStatements, {
        reset: 'public.pg_stat_statements_reset(oid,oid,bigint)',
        held: { view: '"public"."pg_stat_statements"', statements: 2 },
      }),
    'on the source: SELECT public.pg_stat_statements_reset(userid, dbid, queryid) FROM "public"."pg_stat_statements"',
  ],
  [
    'SOURCE_STATISTICS_KEEP_SECRETS',
    'warn',
    ({ source }) => Object.assign(source.databases.shop!.keptStatements, { tracked: true }),
    'CREATE EXTENSION pg_stat_statements;',
  ],
  [
    'SOURCE_LOG_KEEPS_SECRETS',
    'warn',
    ({ source }) => Object.assign(source.databases.shop!.keptStatements, { logged: { log_min_messages: 'debug2' } }),
    'SET log_min_messages = warning;',
  ],
  [
    'TARGET_SECRET_IN_STATISTICS',
    'warn',
    ({ target }) =>
      Object.assign(target.databases.shop!.keptStatements, {
        reset: 'public.pg_stat_statements_reset(oid,oid,bigint)',
        held: { view: '"public"."pg_stat_statements"', statements: 2 },
      }),
    'on the clone: SELECT public.pg_stat_statements_reset(userid, dbid, queryid) FROM "public"."pg_stat_statements"',
  ],
  [
    'TARGET_STATISTICS_KEEP_SECRETS',
    'warn',
    ({ target }) => Object.assign(target.databases.shop!.keptStatements, { tracked: true }),
    'CREATE EXTENSION pg_stat_statements;',
  ],
  [
    'TARGET_LOG_KEEPS_SECRETS',
    'warn',
    ({ target }) => Object.assign(target.databases.shop!.keptStatements, { logged: { 'pgaudit.log': 'ddl' } }),
    'SET pgaudit.log_statement = off;',
  ],
];
