import { errorsBelow, PRODUCT } from './error-sources';

/**
 * What an advice asks a person to do. `sql`, `sql-runner` and `cdktf` are those
 * that change something; commands that only look (plan, status, doctor, verify)
 * need no test that they heal. `new-clone` is one advice that many codes give.
 */
export type AdviceKind = 'sql' | 'sql-runner' | 'cdktf' | 'aws' | 'setting' | 'new-clone';

export interface Advice {
  /** Any code, for `new-clone`. */
  readonly code: string;
  readonly kind: AdviceKind;
  /**
   * What is printed, with `<name>` for what varies. Of SQL, the statements: the
   * words before them say when, where and as whom.
   */
  readonly text: string;
  /** Of two that a printed text fits, it is the one that says more. */
  fits(next: string): boolean;
}

const VERBS =
  'ALTER|CREATE|DROP|GRANT|REVOKE|TRUNCATE|VACUUM|COMMENT|SELECT(?! \\*)|INSERT|UPDATE|DELETE|REFRESH|REINDEX';

const SETTING = /\bset <?[\w.]+(?: \/ \w+)?>? (?:back )?to\b|\braise \w+_\w+|\bset [\w.]+ = /;

/** How each kind is told from a text as the sources have it, with `<name>` for what varies. */
const PIECES: readonly (readonly [AdviceKind, RegExp])[] = [
  [
    'sql',
    new RegExp(
      `\\b(?:${VERBS}) (?!and\\b|or\\b|on\\b|fail)[A-Za-z<"(]|\\bROLLBACK PREPARED\\b|(?:on the (?:source|clone)|<at>): <`,
    ),
  ],
  [
    'sql-runner',
    /sql-runner (?:apply|hold|resume|rotate|sequences|refresh|large-objects|skip|resync|repair|reset|teardown|rollout)\b/,
  ],
  // "deploy the source stack again" is the same command in words; after a setting it is how that gets there.
  ['cdktf', /cdktf deploy|\bdeploy (?:<\w+>|the \w+ stack|that stack)/],
  ['aws', /\baws (?:rds|ssm) /],
  ['setting', SETTING],
];

const NEW_CLONE = /make a new clone \(see [^)]*\)\)/g;

/** The kinds of commands and statements in a text. */
export function kindsIn(text: string): AdviceKind[] {
  const other = text.replaceAll(NEW_CLONE, '');
  const kinds = PIECES.filter(([, pattern]) => pattern.test(other)).map(([kind]) => kind);
  return kinds.filter((kind) => kind !== 'cdktf' || !SETTING.test(other));
}

/** Every advice of the product, one for each text that can be printed and each kind within it, sorted. */
export function adviceOf(): Advice[] {
  const found = new Map<string, Advice>();
  for (const { code, nexts } of PRODUCT.flatMap(errorsBelow)) {
    for (const text of nexts) {
      for (const kind of kindsIn(text)) {
        const own = kind === 'sql' ? statementsIn(text) : text;
        const fits = (next: string) => fitting(own).test(kind === 'sql' ? statementsIn(next) : plain(next));
        found.set(`${code} ${kind} ${own}`, { code, kind, text: own, fits });
      }
      if (text.match(NEW_CLONE) !== null) found.set('new-clone', ANY_NEW_CLONE);
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, advice]) => advice);
}

const ANY_NEW_CLONE: Advice = {
  code: 'any',
  kind: 'new-clone',
  text: 'make a new clone: <commands>',
  fits: () => true,
};

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** They stand at the end; of steps on both sides it is all from the first on. */
function statementsIn(text: string): string {
  return /(?:on the (?:source|clone)|database \S+|<at>): (.+)$/.exec(plain(text))?.[1] ?? plain(text);
}

function fitting(text: string): RegExp {
  const literal = text.replaceAll(NEW_CLONE, 'make a new clone: <commands>').split(/<[^<>]*>/);
  const escaped = literal.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}
