import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { heartbeatTable } from '../resources/heartbeat';
import { checkRenamedSources, nameBefore } from './source-databases';
import { newClone, streamOf, type StreamOf } from '../model/streams';

/** Production pays for what nobody has in mind: it is said as long as it stands. */
export function checkForgottenStreams(contract: SourceContract, source: SourceObservation): Finding[] {
  const { environment, stacks } = contract;
  const { slots, forgotten } = source;
  // Of a database that only has another name checkRenamedSources tells.
  const left = forgotten.filter((of) => nameBefore(contract, source, of) === null);
  return left.map(({ database, stream }) => {
    // A database that was made from another as its template has the publication too, with the mark; not the slot.
    const kept = slots.some((slot) => slot.name === stream.slot && slot.database === database);
    return {
      code: 'STREAM_FORGOTTEN',
      severity: 'warn',
      seen: `${kept ? `publication ${stream.publication} and slot ${stream.slot}` : `publication ${stream.publication}`} in database ${database} ${kept ? 'are' : 'is'} ours, and the environment does not name ${kept ? 'them' : 'it'} any more`,
      why: kept
        ? 'nothing here looks after them: the slot keeps WAL on production until it is dropped, and the publication may refuse writes'
        : 'nothing here looks after it, and it may refuse writes',
      next: kept
        ? isNameTaken(contract, stream)
          ? `give database ${database} its name again, which another one has by now; or give the environment up, all of it, by a teardown`
          : `put database ${database} back into the environment file, and deploy ${stacks.source} and ${stacks.target} again; or give the environment up, all of it: sql-runner teardown ${environment}; or, to be without it alone, ${newClone(contract)}`
        : `no clone can follow it again; in database ${database} on the source: ${leftovers(contract, database, stream).join(' ')}`,
    };
  });
}

/** The database was renamed, and another one of its name is what the environment means by now: no slot can be made for it. */
const isNameTaken = ({ links }: SourceContract, stream: StreamOf['stream']): boolean =>
  links.some(({ streams }) => streams.some(({ slot }) => slot === stream.slot));

/** What a reset that died had still to drop, in the order in which it does; of the rest nothing may be there. */
function leftovers({ replication }: SourceContract, database: string, stream: StreamOf['stream']): string[] {
  const heartbeat = heartbeatTable(streamOf(database, stream));
  return [
    `DROP PUBLICATION ${quoteIdent(stream.publication)};`,
    `DROP TABLE IF EXISTS ${quoteQualified(heartbeat)};`,
    `DROP SCHEMA IF EXISTS ${quoteIdent(heartbeat.schema)};`,
    `REVOKE CONNECT ON DATABASE ${quoteIdent(database)} FROM ${quoteIdent(replication.role)};`,
  ];
}

/** What status says beside the streams: of those that have strayed. */
export const wordsBeside = (contract: SourceContract, source: SourceObservation): string[] =>
  [...checkRenamedSources(contract, source), ...checkForgottenStreams(contract, source)].map(
    ({ code, seen, next }) => `${code}: ${seen}; ${next}`,
  );
