import { changeOf, type Change } from '../model/change';
import type { SequencesWanted } from '../model/sequences';
import type { SequencePosition } from '../postgres/catalog/sequences';
import { quoteInteger, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import type { SequencePair, Verdict } from './sequence-verdict';

export interface SequenceMove {
  readonly pair: SequencePair;
  readonly to: SequencePosition;
  readonly by: bigint;
  readonly back: boolean;
}

export function movesAmong(judged: readonly { pair: SequencePair; verdict: Verdict }[]): SequenceMove[] {
  return judged.flatMap(({ pair, verdict: { standing } }) =>
    standing.kind === 'move' ? [{ pair, to: standing.to, by: standing.by, back: standing.back }] : [],
  );
}

/**
 * The sequences of one database, in one change: its operation names them, and not where they go. That is read once more
 * right before each is set (execute/operations/move-sequences.ts), as the source goes on meanwhile.
 */
export function moveChange(database: string, moves: readonly SequenceMove[], wanted: SequencesWanted): Change {
  const forward = moves.filter(({ back }) => !back).length;
  const back = moves.length - forward;
  return changeOf({
    address: { side: 'target', database, kind: 'sequences' },
    action: 'update',
    reason: `${[
      ...(forward === 0 ? [] : [`${count(forward)} forward`]),
      ...(back === 0 ? [] : [`${count(back)} back`]),
    ].join(' and ')}, to where the source stands then${headroomWords(wanted)}`,
    preview: [
      '-- each by itself, under the lock of ALTER SEQUENCE … CACHE: nobody takes values meanwhile, nor from caches of before',
      ...moves.map(previewOf),
    ],
    operation: {
      kind: 'move-sequences',
      place: { side: 'target', database },
      wanted,
      sequences: moves.map(({ pair: { source, clone }, back: isBack }) => ({
        schema: clone.schema,
        name: clone.name,
        source: source.oid,
        clone: clone.oid,
        back: isBack,
      })),
    },
  });
}

const count = (number: number): string => (number === 1 ? '1 sequence goes' : `${number} sequences go`);

const headroomWords = ({ headroom }: SequencesWanted): string =>
  headroom === 0 ? '' : `, and ${headroom} values past that`;

function previewOf({ pair: { clone }, to, by, back }: SequenceMove): string {
  return `${setvalSql(clone, to)};  -- ${by} ${back ? 'back' : 'forward'}`;
}

const setvalSql = (name: { readonly schema: string; readonly name: string }, { last, called }: SequencePosition) =>
  `SELECT setval(${quoteLiteral(quoteQualified(name))}, ${quoteInteger(BigInt(last))}, ${called ? 'true' : 'false'})`;
