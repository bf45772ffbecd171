import type { KeptStatements } from '../../../sql-runner/postgres/catalog/kept-statements';
import { runChecks } from '../../../sql-runner/checks/preflight';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy, NOTHING_KEPT } from '../support/surveys';

const DATABASE = 'my shop';
/** What is told of one side whose database keeps this; its name has a blank. */
function told(side: 'source' | 'target', kept: Partial<KeptStatements>): string[] {
  const world = edit(healthy(sourceContract([DATABASE])), (draft) => {
    draft[side].databases[DATABASE]!.keptStatements = { ...NOTHING_KEPT, ...kept };
  });
  return findingsOf(world).map(({ code, seen, next }) => `${code}: ${seen} → ${next}`);
}
const held = { view: 'public.pg_stat_statements', statements: 2 };
const RESET = 'public.pg_stat_statements_reset(oid, oid, bigint)';

test('statements with a secret are told where they can be taken out, by whom it may be', () => {
  const taken = (mayReset: boolean) => told('source', { held, reset: RESET, mayReset });
  expect(taken(true)).toEqual([
    expect.stringMatching(/; in database my shop on the source: SELECT public\.pg_stat_statements_reset\(userid/),
  ]);
  expect(taken(false)).toEqual([
    expect.stringMatching(/; as a member of rds_superuser, in database my shop on the source: SELECT public\.pg/),
  ]);
  expect(told('source', { held, reset: null })).toEqual([]);
  expect(told('source', { held: null, reset: RESET })).toEqual([]);
});

test('what would keep one is told unless it can be taken out afterwards', () => {
  const tracked = (more: object) => told('target', { tracked: true, ...more });
  expect(tracked({})).toEqual([expect.stringMatching(/in database my shop on the clone: CREATE EXTENSION pg_stat_st/)]);
  expect(tracked({ reset: RESET })).toEqual([
    expect.stringContaining(`on the clone: GRANT EXECUTE ON FUNCTION ${RESET} TO "master";`),
  ]);
  expect(tracked({ reset: RESET, mayReset: true })).toEqual([]);
});

test('what is logged is named and turned off for the login in this database', () => {
  const logged = { log_min_duration_statement: '0', 'pgaudit.log': 'all' };
  const off = (setting: string) => `ALTER ROLE "master" IN DATABASE "my shop" SET ${setting};`;
  expect(told('target', { logged })).toEqual([
    expect.stringMatching(
      /: in database my shop on the clone log_min_duration_statement is 0 and pgaudit\.log is all, which "master" may not change/,
    ),
  ]);
  expect(told('target', { logged })[0]).toContain(
    `on the clone: ${off('log_min_duration_statement = warning')} ${off('pgaudit.log_statement = off')}`,
  );
  // pgaudit hides the passwords of roles by itself.
  expect(told('source', { logged })[0]).toMatch(/on the source log_min_duration_statement is 0, which/);
  expect(told('source', { logged: { 'pgaudit.log': 'all' } })).toEqual([]);
});

test('each of these is about what keeps a secret of its side', () => {
  const { contract, ...survey } = healthy(sourceContract([DATABASE]));
  const keeping = runChecks(contract, survey).flatMap(({ check }) => (check.keepsSecrets === true ? [check.code] : []));
  const rules = ['SECRET_IN_STATISTICS', 'STATISTICS_KEEP_SECRETS', 'LOG_KEEPS_SECRETS'];
  expect(keeping).toEqual(['SOURCE', 'TARGET'].flatMap((side) => rules.map((rule) => `${side}_${rule}`)));
});
