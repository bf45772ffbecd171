import type { Finding } from '../model/change';
import { displayQualified } from '../postgres/text/quoting';
import type { JudgedSequence, SequencesJudged } from './sequences-judged';
import { differencesOf, healing, isIdentity } from './sequence-differences';
import { renamedSequences, renamingStatements } from './sequence-renames';
import type { Verdict } from './sequence-verdict';
import { someOf } from './some-of';

/** How sequences of the clone are made otherwise than on the source: those that cannot be set because of it, and others. */
export function sequencesDiffer(of: SequencesJudged): Finding[] {
  const renames = renamedSequences(of.read);
  const isRenamed = ({ pair }: JudgedSequence) => renames.some(({ clone }) => clone === pair.clone);
  const differing = of.judged.filter((one) => !isRenamed(one) && differencesOf(one.pair).length > 0);
  return [
    ...renamed(of),
    ...differ(
      of,
      differing.filter(({ verdict }) => cannotBeSet(verdict)),
      true,
    ),
    ...differ(
      of,
      differing.filter(({ verdict }) => !cannotBeSet(verdict)),
      false,
    ),
  ];
}

const cannotBeSet = ({ standing }: Verdict): boolean =>
  standing.kind === 'hindered' && ['direction', 'bounds', 'column'].includes(standing.by.kind);

function differ({ environment, database }: SequencesJudged, found: readonly JudgedSequence[], hinders: boolean) {
  if (found.length === 0) return [];
  const words = found.map(({ pair }) => `${displayQualified(pair.clone)} (${differencesOf(pair).join(', ')})`);
  const statements = found.flatMap(({ pair }) => healing(pair));
  const identities = found.some(({ pair }) => isIdentity(pair.source) !== isIdentity(pair.clone));
  const first = identities ? `${COLUMN} where it differs in that; ` : '';
  return [
    {
      code: 'SEQUENCES_DIFFER',
      ...(hinders ? ({ severity: 'block', standing: true } as const) : ({ severity: 'warn' } as const)),
      seen: `in database ${database} sequences of the clone are made otherwise than on the source: ${someOf(words)}`,
      why: hinders
        ? 'there the clone counts another way, ends elsewhere or belongs to another column: it is not set, and may hand out values that the source has handed out'
        : 'it is set all the same; the clone goes on from there in its own way',
      next:
        statements.length === 0
          ? `${COLUMN}; then run the command again`
          : `${first}before sql-runner sequences ${environment} once more, in database ${database} on the clone: ${statements.join(' ')}`,
    } satisfies Finding,
  ];
}

/** What no ALTER SEQUENCE can do. */
const COLUMN = 'make its column an identity column, or none, as it is on the source';

function renamed({ environment, database, read }: SequencesJudged): Finding[] {
  const renames = renamedSequences(read);
  if (renames.length === 0) return [];
  const words = renames.map(({ clone, source }) => `${displayQualified(clone)} is ${displayQualified(source)} there`);
  return [
    {
      code: 'SEQUENCES_RENAMED',
      severity: 'block',
      standing: true,
      seen: `in database ${database} sequences of columns have other names on the source: ${someOf(words)}`,
      why: 'whoever calls them by name gets another one, and which one is to stand where is not known for sure: they are not set',
      next: `before sql-runner sequences ${environment} once more, in database ${database} on the clone: ${renamingStatements(renames).join(' ')}`,
    },
  ];
}
