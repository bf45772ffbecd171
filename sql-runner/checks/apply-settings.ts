import type { Severity } from '../model/change';
import type { SessionSetting } from '../postgres/catalog/session-settings';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import type { Found, TargetCheck } from './check';
import { streamsOf } from '../model/streams';
import type { Scope } from '../model/survey';

interface Harm {
  readonly name: string;
  readonly harmless: string;
  readonly isHarmless: (value: string) => boolean;
  readonly severity: Severity;
  readonly why: string;
  /** Who may set it, where that is not everybody. */
  readonly by?: string;
}

const isZero = (value: string): boolean => /^\s*-?0+\s*\D*$/.test(value);

/** What reaches an apply worker from its database and owner, and does harm there. Other timeouts do not reach it. */
const HARMS: readonly Harm[] = [
  {
    name: 'array_nulls',
    harmless: 'on',
    isHarmless: (value) => !/^\s*(of+|f(a(l(se?)?)?)?|no?|0)\s*$/i.test(value),
    severity: 'block',
    why: 'the apply worker then reads NULL in an array as the word NULL: rows differ from the source without an error',
  },
  {
    name: 'transaction_timeout',
    harmless: '0',
    isHarmless: isZero,
    severity: 'warn',
    why: 'a transaction that takes longer to apply ends the apply worker, which begins with it anew for ever',
  },
  {
    name: 'lock_timeout',
    harmless: '0',
    isHarmless: isZero,
    severity: 'warn',
    why: 'the apply worker ends whenever somebody on the clone holds a lock for longer, and loses what it had done of its transaction',
  },
  {
    name: 'temp_file_limit',
    harmless: '-1',
    isHarmless: (value) => /^\s*-/.test(value),
    severity: 'warn',
    why: 'a large transaction waits for its commit in temporary files; one that needs more ends the apply worker, which begins with it anew for ever',
    by: 'as a role that may set it, ',
  },
  {
    name: 'xmloption',
    harmless: 'content',
    isHarmless: (value) => /content/i.test(value),
    severity: 'warn',
    why: 'the apply worker stops at an xml value that is not a whole document',
  },
];

/** What the survey has to read of each database of the clone. */
export const APPLY_SETTINGS: readonly string[] = HARMS.map(({ name }) => name);

const settings: TargetCheck = {
  code: 'SETTING_HARMS_APPLY',
  stops: ['connect'],
  holds: 'no setting of the clone reaches the apply worker that stops it or changes values',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, survey]) =>
      HARMS.flatMap((harm) => {
        const setting = survey.applySettings.find(({ name }) => name === harm.name);
        if (setting === undefined || harm.isHarmless(setting.value)) return [];
        return [
          finding(
            harm,
            setting,
            { database, login: target.login, connected: survey.subscriptionOptions.length > 0 },
            scope,
          ),
        ];
      }),
    ),
};

function finding(
  harm: Harm,
  setting: SessionSetting,
  { database, login, connected }: { database: string; login: string; connected: boolean },
  scope: Scope,
): Found {
  const own = streamsOf(scope.contract).filter((of) => of.database === database);
  const names = own.map((of) => quoteLiteral(of.stream.subscription)).join(', ');
  // Only a new worker starts with the new value.
  const again = connected
    ? ` SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname IN (${names}) AND pid IS NOT NULL;`
    : '';
  return {
    severity: harm.severity,
    seen: `${harm.name} is ${setting.value} for the apply worker of database ${database} on the clone, ${ORIGINS[setting.from](login)}`,
    why: harm.why,
    next: `${harm.by ?? ''}in database ${database} on the clone: ALTER ROLE ${quoteIdent(login)} IN DATABASE ${quoteIdent(database)} SET ${harm.name} = ${quoteLiteral(harm.harmless)};${again}`,
  };
}

const ORIGINS: Readonly<Record<SessionSetting['from'], (login: string) => string>> = {
  'role in database': (login) => `set for role ${login} in this database`,
  role: (login) => `set for role ${login}`,
  database: () => 'set for this database',
  'all roles': () => 'set for all roles',
  server: () => 'set for the server',
};

export const applySettingsChecks = [settings];
