import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import type { StreamOf } from '../../model/streams';
import type { DdlLog } from '../../postgres/catalog/ddl-logs';

/** How DDL stands: it stops no change of a plan, and no change of a plan mends it. */
export function standing(
  { environment }: SourceContract,
  of: StreamOf,
  { source, clone }: { readonly source: DdlLog | null; readonly clone: DdlLog | null },
): Finding[] {
  const stopped = clone?.stopped ?? 0;
  const missed = source?.missed ?? 0;
  return [
    ...(stopped === 0 ? [] : [standsBefore(environment, of, stopped)]),
    ...(missed === 0 ? [] : [notNoted(of, missed)]),
  ];
}

function standsBefore(environment: string, of: StreamOf, number: number): Finding {
  return {
    code: 'DDL_STOPPED',
    severity: 'block',
    standing: true,
    seen: `the stream of database ${of.database} stands before statement ${number} of the log of DDL`,
    why: 'it is not carried out by itself, and nothing behind it comes to the clone; production keeps its WAL meanwhile',
    next: `see it: sql-runner ddl show ${environment} ${number}; then have it carried out by ddl apply, or left out by ddl skip once the clone has what it did`,
  };
}

function notNoted(of: StreamOf, missed: number): Finding {
  return {
    code: 'DDL_NOT_NOTED',
    severity: 'warn',
    seen: `${missed} statements of DDL ran in database ${of.database} of the source and could not be written down`,
    why: 'they were refused to nobody, and are not carried out on the clone',
    next: 'the log of the source says why each; what both sides define otherwise doctor lists',
  };
}
