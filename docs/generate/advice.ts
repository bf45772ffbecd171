import { errorsBelow } from './error-sources';

/**
 * What an advice asks a person to do. `sql`, `sql-runner` and `cdktf` are those
 * that change something; commands that only look (plan, status, doctor, verify)
 * need no test that they heal.
 */
export type AdviceKind = 'sql' | 'sql-runner' | 'cdktf' | 'aws' | 'setting';

export interface Advice {
  readonly code: string;
  readonly kind: AdviceKind;
  /** Everything that the sources say to do under this code and hold such a piece. */
  readonly texts: readonly string[];
  /** Paths from the project's root. */
  readonly files: readonly string[];
}

const VERBS =
  'ALTER|CREATE|DROP|GRANT|REVOKE|TRUNCATE|VACUUM|COMMENT|SELECT(?! \\*)|INSERT|UPDATE|DELETE|REFRESH|REINDEX';

const SETTING = /\bset <?[\w.]+(?: \/ \w+)?>? (?:back )?to\b|\braise \w+_\w+|\bset [\w.]+ = /;

/** How each kind is told from a text as the sources have it, with `<name>` for what varies. */
const PIECES: readonly (readonly [AdviceKind, RegExp])[] = [
  [
    'sql',
    new RegExp(`\\b(?:${VERBS}) [A-Za-z<"(]|\\bROLLBACK PREPARED\\b|(?:on the (?:source(?: / clone)?|clone)|<at>): <`),
  ],
  ['sql-runner', /sql-runner (?:apply|reset|teardown|rollout)\b/],
  // "deploy the source stack again" is the same command in words; after a setting it is how that gets there.
  ['cdktf', /cdktf deploy|\bdeploy (?:<\w+>|the \w+ stack|that stack)/],
  ['aws', /\baws (?:rds|ssm) /],
  ['setting', SETTING],
];

/** Every advice of the product, one for each code and kind, sorted. */
export function adviceOf(folders: readonly string[]): Advice[] {
  const found = new Map<string, { code: string; kind: AdviceKind; texts: Set<string>; files: Set<string> }>();
  for (const { code, next, file } of folders.flatMap(errorsBelow)) {
    for (const [kind, pattern] of PIECES) {
      if (!pattern.test(next) || (kind === 'cdktf' && SETTING.test(next))) continue;
      const key = `${code} ${kind}`;
      const entry = found.get(key) ?? { code, kind, texts: new Set(), files: new Set() };
      found.set(key, entry);
      entry.texts.add(next.replace(/\s+/g, ' '));
      entry.files.add(file);
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { texts, files, ...entry }]) => ({ ...entry, texts: [...texts], files: [...files] }));
}
