import type { KeptStatements } from '../postgres/catalog/kept-statements';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { WITH_SECRET } from '../postgres/text/secret-text';
import type { Found, SourceCheck, TargetCheck } from './check';
import type { SourceSurvey, TargetSurvey } from '../model/survey';
import type { Side } from '../../contract/contract';

/**
 * sql-runner turns off, for its own transaction, what would keep a statement with a secret, and takes out of the
 * statistics what is in them all the same (resources/secret-statement.ts). Here is what it may not do, and what
 * earlier runs left.
 */
const SECRET: Record<Side, string> = {
  source: 'the SCRAM verifier of the replication role, from which its password can be guessed if that is weak',
  target: 'the password with which the clone reads the source',
};
const PLACE: Record<Side, string> = { source: 'source', target: 'clone' };

type Surveyed = Pick<SourceSurvey | TargetSurvey, 'login'> & {
  readonly databases: Readonly<Record<string, { readonly keptStatements: KeptStatements }>>;
};

function each(
  side: Side,
  { databases, login }: Surveyed,
  judge: (kept: KeptStatements, at: string, login: string, database: string) => Omit<Found, 'severity'> | null,
): Found[] {
  return Object.entries(databases).flatMap(([database, { keptStatements }]) => {
    const finding = judge(keptStatements, `in database ${database} on the ${PLACE[side]}`, quoteIdent(login), database);
    return finding === null ? [] : [{ ...finding, severity: 'warn' as const }];
  });
}

function held(side: Side, surveyed: Surveyed): Found[] {
  return each(side, surveyed, ({ held: statements, reset, mayReset }, at) => {
    if (statements === null || reset === null) return null;
    const { view } = statements;
    const as = mayReset ? '' : 'as a member of rds_superuser, ';
    return {
      seen: `pg_stat_statements ${at} shows ${statements.statements} statements with a secret`,
      why: `members of pg_read_all_stats can read there ${SECRET[side]}`,
      next: `if they should not know it, store a new password in the secret afterwards, which the next apply sets; ${as}${at}: SELECT ${reset.replace(/\(.*/, '')}(userid, dbid, queryid) FROM ${view} WHERE query ~ ${quoteLiteral(WITH_SECRET)};`,
    };
  });
}

function tracked(side: Side, surveyed: Surveyed): Found[] {
  return each(side, surveyed, ({ tracked: keeps, reset, mayReset }, at, login) => {
    if (!keeps || mayReset) return null;
    const statement =
      reset === null ? 'CREATE EXTENSION pg_stat_statements;' : `GRANT EXECUTE ON FUNCTION ${reset} TO ${login};`;
    return {
      seen: `pg_stat_statements ${at} keeps statements inside of others (track = all), and ${login} may neither turn that off for itself nor take one out`,
      why: `it would show ${SECRET[side]}`,
      next: `before the next apply, as a member of rds_superuser, ${at}: ${statement}`,
    };
  });
}

function logged(side: Side, surveyed: Surveyed): Found[] {
  return each(side, surveyed, ({ logged: settings }, at, login, name) => {
    // pgaudit hides the passwords of roles by itself (log_audit_event in pgaudit.c).
    const names = Object.keys(settings).filter((one) => side === 'target' || one !== 'pgaudit.log');
    if (names.length === 0) return null;
    const database = quoteIdent(name);
    const quiet = (one: string) => (one === 'pgaudit.log' ? 'pgaudit.log_statement = off' : `${one} = warning`);
    return {
      seen: `${at} ${names.map((one) => `${one} is ${settings[one]!}`).join(' and ')}, which ${login} may not change for itself`,
      why: `the server's log would hold ${SECRET[side]}`,
      next: `before the next apply, as a role that may, ${at}: ${names.map((one) => `ALTER ROLE ${login} IN DATABASE ${database} SET ${quiet(one)};`).join(' ')}`,
    };
  });
}

const sourceInStatistics: SourceCheck = {
  code: 'SOURCE_SECRET_IN_STATISTICS',
  keepsSecrets: true,
  holds: 'the statement statistics hold no secret on the source',
  side: 'source',
  run: (source) => held('source', source),
};

const sourceWouldBeTracked: SourceCheck = {
  code: 'SOURCE_STATISTICS_KEEP_SECRETS',
  keepsSecrets: true,
  holds: 'the statement statistics would keep no secret on the source',
  side: 'source',
  run: (source) => tracked('source', source),
};

const sourceWouldBeLogged: SourceCheck = {
  code: 'SOURCE_LOG_KEEPS_SECRETS',
  keepsSecrets: true,
  holds: 'the log would keep no secret on the source',
  side: 'source',
  run: (source) => logged('source', source),
};

const targetInStatistics: TargetCheck = {
  code: 'TARGET_SECRET_IN_STATISTICS',
  keepsSecrets: true,
  holds: 'the statement statistics hold no secret on the clone',
  side: 'target',
  run: (target) => held('target', target),
};

const targetWouldBeTracked: TargetCheck = {
  code: 'TARGET_STATISTICS_KEEP_SECRETS',
  keepsSecrets: true,
  holds: 'the statement statistics would keep no secret on the clone',
  side: 'target',
  run: (target) => tracked('target', target),
};

const targetWouldBeLogged: TargetCheck = {
  code: 'TARGET_LOG_KEEPS_SECRETS',
  keepsSecrets: true,
  holds: 'the log would keep no secret on the clone',
  side: 'target',
  run: (target) => logged('target', target),
};

export const keptSecretChecks = [
  sourceInStatistics,
  sourceWouldBeTracked,
  sourceWouldBeLogged,
  targetInStatistics,
  targetWouldBeTracked,
  targetWouldBeLogged,
];
