import type { SequencesOfBoth } from '../model/sequences';
import type { Sequence } from '../postgres/catalog/sequences';
import { displayQualified } from '../postgres/text/quoting';
import type { SequencePair } from './sequence-verdict';

export interface PairedSequences {
  readonly pairs: readonly SequencePair[];
  readonly onlySource: readonly Sequence[];
  readonly onlyClone: readonly Sequence[];
  /** On either side: the rows that draw on them are not replicated, or they are an extension's own. */
  readonly leftOut: readonly Sequence[];
}

/** By name, as whoever calls nextval() names them; numbers are the same only for those that came with the clone. */
export function pairSequences({ source, clone }: SequencesOfBoth): PairedSequences {
  const [there, here] = [indexed(source), indexed(clone)];
  const both = [...there].flatMap(([name, one]) => {
    const other = here.get(name);
    return other === undefined ? [] : [{ source: one, clone: other }];
  });
  const isLeft = ({ source: one, clone: other }: SequencePair) => one.leftOut !== null || other.leftOut !== null;
  const [onlySource, onlyClone] = [lacking(there, here), lacking(here, there)];
  const counts = ({ leftOut }: Sequence) => leftOut === null;
  return {
    pairs: both.filter((pair) => !isLeft(pair)),
    onlySource: onlySource.filter(counts),
    onlyClone: onlyClone.filter(counts),
    leftOut: [
      ...both.filter(isLeft).map((pair) => (pair.source.leftOut === null ? pair.clone : pair.source)),
      ...[...onlySource, ...onlyClone].filter((one) => !counts(one)),
    ],
  };
}

const indexed = (all: readonly Sequence[]): Map<string, Sequence> =>
  new Map(all.map((one) => [displayQualified(one), one]));

const lacking = (all: ReadonlyMap<string, Sequence>, others: ReadonlyMap<string, Sequence>): Sequence[] =>
  [...all].flatMap(([name, one]) => (others.has(name) ? [] : [one]));
