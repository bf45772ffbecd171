import type { Finding, StreamOf } from '../engine/change';
import type { SentTable } from '../postgres/catalog/replicated-tables';
import type { Scope } from './check';
import { allStreams } from './streams';
import type { SourceDatabaseSurvey, TargetDatabaseSurvey, TargetSurvey } from './survey';

/** Looks at every table that a publication of ours sends, with both of its databases; nothing where one was not read. */
export function eachSent(
  target: TargetSurvey,
  { contract, source }: Scope,
  look: (
    sent: SentTable,
    of: StreamOf,
    sides: { production: SourceDatabaseSurvey; clone: TargetDatabaseSurvey },
  ) => Finding[],
): Finding[] {
  return allStreams(contract).flatMap((of) => {
    const [production, clone] = [source?.databases[of.database], target.databases[of.database]];
    if (production === undefined || clone === undefined) return [];
    return production.sent
      .filter(({ publication }) => publication === of.stream.publication)
      .flatMap((sent) => look(sent, of, { production, clone }));
  });
}
