import { NOTHING, propose, sqlChange, type Proposal } from '../../model/change';
import type { AddedTable } from '../../model/table-notes';
import type { SourceObservation } from '../../model/observation';
import type { StreamFacts } from '../../model/stream-state';
import { takenBack } from './taken-back';

/**
 * A reset or a teardown in the middle of an addition: what the replication role was given for the copy is noted in the
 * mark of the subscription alone, so it is taken back before that goes. Otherwise it stays on production for good, and
 * the role could not be dropped.
 */
export function planCopyRightsEnd(role: string, source: SourceObservation, of: StreamFacts): Proposal {
  const tables = stillGranted(source, of);
  if (tables.length === 0 || source.role === null) return NOTHING;
  return propose([
    sqlChange({
      address: { ...of.publisher, kind: 'copy-rights', name: of.stream.publication },
      action: 'delete',
      reason: 'tables were being added: what the replication role was given for their copy is taken back',
      place: of.publisher,
      guards: [],
      // Quoted where it is made.
      // eslint-disable-next-line local/safe-sql
      statements: takenBack(role, tables).map((text) => ({ text })),
    }),
  ]);
}

/** Under the names that they have now; what was dropped has taken the rights on it along. */
export function stillGranted(source: SourceObservation, of: StreamFacts): AddedTable[] {
  const there = source.databases[of.database]?.tables ?? [];
  return (of.subscriptionMark?.added ?? []).flatMap(({ oid, granted }) => {
    const table = granted === undefined ? undefined : there.find((one) => one.oid === oid);
    return table === undefined ? [] : [{ oid, schema: table.schema, name: table.name, granted }];
  });
}
