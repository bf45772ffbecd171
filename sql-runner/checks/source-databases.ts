import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { newClone, type StreamOf } from '../model/streams';
import { quoteIdent } from '../postgres/text/quoting';

type Link = SourceContract['links'][number];

const isThere = (source: SourceObservation, { database }: Link): boolean => source.databases[database]?.exists === true;

/** The database of the environment that this one was until it was renamed; null: it was none, or its name is taken again. */
export function nameBefore(contract: SourceContract, source: SourceObservation, forgotten: StreamOf): string | null {
  const { slot } = forgotten.stream;
  // A database that was made from another as its template has the publication too; not the slot.
  if (!source.slots.some(({ name, database }) => name === slot && database === forgotten.database)) return null;
  const link = contract.links.find(({ streams }) => streams.some((stream) => stream.slot === slot));
  return link === undefined || isThere(source, link) ? null : link.database;
}

/** Databases that have another name by now: what else is said of their streams would tell another cause. */
export function checkRenamedSources(contract: SourceContract, source: SourceObservation): Finding[] {
  const renamed = new Map<string, string>();
  for (const forgotten of source.forgotten) {
    const before = nameBefore(contract, source, forgotten);
    if (before !== null) renamed.set(before, forgotten.database);
  }
  return [...renamed].map(([before, now]) => sourceRenamed(contract, before, now));
}

/** Those that were prepared, and are not there any more under any name. */
export function checkDroppedSources(contract: SourceContract, source: SourceObservation): Finding[] {
  const renamed = new Set(source.forgotten.map((forgotten) => nameBefore(contract, source, forgotten)));
  return contract.links
    .filter((link) => !isThere(source, link) && !renamed.has(link.database))
    .map(({ database }) => ({
      code: 'DATABASE_MISSING',
      severity: 'block',
      seen: `database ${database} does not exist on ${contract.cluster.identifier} any more`,
      why: 'there is nothing left to replicate; the clone still has what had arrived',
      next: `where it is gone for good, take it out of the environment file and deploy ${contract.stacks.source} and ${contract.stacks.target} again; then ${newClone(contract)}`,
    }));
}

function sourceRenamed({ cluster }: SourceContract, before: string, now: string): Finding {
  // A database cannot be renamed by who is connected to it.
  const elsewhere = [before, now].includes('postgres') ? 'template1' : 'postgres';
  return {
    code: 'SOURCE_DATABASE_RENAMED',
    severity: 'block',
    seen: `database ${before} of the environment is named ${now} on ${cluster.identifier} by now, with our publication and slot`,
    why: 'the clone asks for it by its name of before: nothing arrives, and the slot keeps WAL on production',
    next: `give it its name again, while nobody is connected to it, in database ${elsewhere} on the source: ALTER DATABASE ${quoteIdent(now)} RENAME TO ${quoteIdent(before)};`,
  };
}
