import type { Finding } from '../model/change';
import type { Sequence } from '../postgres/catalog/sequences';
import { displayQualified } from '../postgres/text/quoting';
import { sequencesDiffer } from './sequences-differ';
import { sequencesHindered } from './sequences-hindered';
import { renamedSequences } from './sequence-renames';
import type { SequencesJudged } from './sequences-judged';
import { someOf } from './some-of';

/** What is said of the sequences of a database beside those that go somewhere. */
export function sequenceFindings(of: SequencesJudged): Finding[] {
  return [
    ...sequencesHindered(of),
    ...sequencesDiffer(of),
    ...ahead(of),
    ...cached(of),
    ...tight(of),
    ...repeating(of),
    ...oneSided(of),
    ...leftOut(of),
  ];
}

const names = (all: readonly Sequence[]): string => someOf(all.map(displayQualified));

function ahead({ environment, database, judged }: SequencesJudged): Finding[] {
  const found = judged.flatMap(({ pair, verdict: { standing } }) =>
    standing.kind === 'ahead' ? [`${displayQualified(pair.clone)} by ${standing.by}`] : [],
  );
  if (found.length === 0) return [];
  return [
    {
      code: 'SEQUENCES_AHEAD',
      severity: 'warn',
      seen: `in database ${database} ${found.length} of the clone's sequences are beyond where they are to be, and are left there: ${someOf(found)}`,
      why: 'somebody takes values on the clone, an earlier run gave it headroom, or a restart of its server skipped up to 32; or the source was put back, and what it had handed out beyond that before may come again',
      next: `nothing where the clone may keep its own values; sql-runner sequences ${environment} --put-back puts them back`,
    },
  ];
}

/** A value that a session holds in its cache may lie before what the source has handed out by now. */
function cached({ database, judged, read: { others } }: SequencesJudged): Finding[] {
  const kept = judged.filter(
    ({ pair, verdict: { standing } }) =>
      pair.clone.cache !== '1' && (standing.kind === 'ahead' || standing.kind === 'level'),
  );
  if (others === 0 || kept.length === 0) return [];
  return [
    {
      code: 'SEQUENCES_CACHED',
      severity: 'warn',
      seen: `database ${database} of the clone has ${others} sessions of others, and ${kept.length} sequences with a cache that stay where they are: ${names(kept.map(({ pair }) => pair.clone))}`,
      why: 'a session goes on with the values that it took into its cache earlier, and the source may have handed them out since; whether one has any cannot be seen',
      next: 'where a session of the clone has taken values of them, end it, or have it run DISCARD SEQUENCES',
    },
  ];
}

function tight({ database, judged, headroom }: SequencesJudged): Finding[] {
  const found = judged.filter(({ verdict }) => verdict.tight).map(({ pair }) => pair.source);
  if (found.length === 0) return [];
  return [
    {
      code: 'SEQUENCES_WITHOUT_ROOM',
      severity: 'warn',
      seen: `in database ${database} these sequences end before ${headroom} more values are handed out: ${names(found)}`,
      why: 'there the clone goes to where the source stands, without headroom: what the source hands out from then on the clone may hand out as well',
      next: 'ask for less headroom, or give the sequence more room on both sides',
    },
  ];
}

function repeating({ database, judged }: SequencesJudged): Finding[] {
  const found = judged.filter(({ verdict }) => verdict.repeats).map(({ pair }) => pair.source);
  if (found.length === 0) return [];
  return [
    {
      code: 'SEQUENCES_REPEAT',
      severity: 'warn',
      seen: `in database ${database} these sequences begin anew at their end (CYCLE): ${names(found)}`,
      why: 'they hand out values again by design: that the clone hands out none of the source cannot be promised of them, and which side is ahead cannot be known once one has begun anew',
      next: 'nothing, where values may come again',
    },
  ];
}

/** Renamed ones are told of elsewhere. */
function oneSided({ database, paired, read }: SequencesJudged): Finding[] {
  const renames = renamedSequences(read);
  const source = paired.onlySource.filter((one) => !renames.some((rename) => rename.source === one));
  const clone = paired.onlyClone.filter((one) => !renames.some((rename) => rename.clone === one));
  if (source.length + clone.length === 0) return [];
  const words = [
    ...(source.length === 0 ? [] : [`${source.length} on the source alone (${names(source)})`]),
    ...(clone.length === 0 ? [] : [`${clone.length} on the clone alone (${names(clone)})`]),
  ];
  return [
    {
      code: 'SEQUENCES_ON_ONE_SIDE',
      severity: 'warn',
      seen: `database ${database} has sequences on one side only: ${words.join(', ')}`,
      why: 'where nothing has the name on the other side there is nothing to set; they are left alone',
      next: 'make, rename or drop it on the clone as it was on the source, where the clone needs it',
    },
  ];
}

function leftOut({ database, paired }: SequencesJudged): Finding[] {
  if (paired.leftOut.length === 0) return [];
  const of = (why: Sequence['leftOut']) => paired.leftOut.filter((one) => one.leftOut === why);
  const words = [
    ...(of('unlogged').length === 0 ? [] : [`unlogged: ${names(of('unlogged'))}`]),
    ...(of('extension').length === 0 ? [] : [`of extensions: ${names(of('extension'))}`]),
  ];
  return [
    {
      code: 'SEQUENCES_LEFT_OUT',
      severity: 'info',
      seen: `in database ${database} these sequences are left out, ${words.join('; ')}`,
      why: 'the rows that draw on them are not replicated either',
      next: 'nothing, where the clone has no use for them',
    },
  ];
}
