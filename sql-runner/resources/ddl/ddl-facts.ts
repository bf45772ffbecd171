import { ddlSchema } from '../../../contract/naming';
import type { SourceContract } from '../../../contract/contract';
import { ownMark } from '../../model/mark';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import type { StreamOf } from '../../model/streams';
import type { DdlLog, DdlTrigger } from '../../postgres/catalog/ddl-logs';

export type Wanted = 'apply' | 'record' | 'off';

export function wantedOf(contract: SourceContract, of: StreamOf): Wanted {
  return contract.links.find(({ database }) => database === of.database)?.ddl ?? 'off';
}

export const schemaOf = (of: StreamOf): string => ddlSchema(of.stream.publication);

/** What has the name of its log on one side, whoever made it. */
export function namedLog(side: SourceObservation | TargetObservation | null, of: StreamOf): DdlLog | null {
  return side?.databases[of.database]?.ddl?.find(({ schema }) => schema === schemaOf(of)) ?? null;
}

/** The same where it is ours. */
export function ownLog(
  { environment }: SourceContract,
  side: SourceObservation | TargetObservation | null,
  of: StreamOf,
): DdlLog | null {
  const found = namedLog(side, of);
  return found !== null && ownMark(found.comment, 'ddl', environment) !== null ? found : null;
}

export const isPublished = (log: DdlLog, of: StreamOf): boolean => log.publications.includes(of.stream.publication);

/** Whether each of the names is there, and fires as it should. */
export function allFire(there: readonly DdlTrigger[], names: readonly string[], enabled: 'A' | 'R'): boolean {
  return names.every((name) => there.some((one) => one.name === name && one.enabled === enabled));
}
