import type { SourceContract } from '../../contract/contract';
import { NOTHING, propose, sqlChange, joinProposals, type Proposal } from '../model/change';
import { formatMark, ownMark } from '../model/mark';
import type { TargetObservation } from '../model/observation';
import { quoteIdent, quoteLiteral, quoteQualified, type QualifiedName } from '../postgres/text/quoting';

/**
 * A small table of ours on the clone that keeps which runs there were. No stream has it, production never does, and
 * nothing rests on it: no plan is another one for what is in it. A run makes it when it begins; a teardown drops it.
 */
export const historyTable = (environment: string): QualifiedName => ({
  schema: `acas_history_${environment.replaceAll('-', '_')}`,
  name: 'runs',
});

/**
 * In the same schema of each database in which large objects were copied: by which transaction of ours each was written
 * last, so that what others have written on the clone is told from that.
 */
export const largeObjectRecord = (environment: string): QualifiedName => ({
  ...historyTable(environment),
  name: 'large_objects',
});

/** Made in one transaction. The key makes it a table that the clone may also publish. */
export function historyStatements(environment: string): string[] {
  const table = historyTable(environment);
  const mark = quoteLiteral(formatMark({ kind: 'history', environment, since: new Date().toISOString() }));
  return [
    `CREATE SCHEMA ${quoteIdent(table.schema)}`,
    `COMMENT ON SCHEMA ${quoteIdent(table.schema)} IS ${mark}`,
    `CREATE TABLE ${quoteQualified(table)} (run uuid, part int, began timestamptz NOT NULL, record jsonb NOT NULL, PRIMARY KEY (run, part))`,
    `COMMENT ON TABLE ${quoteQualified(table)} IS ${mark}`,
  ];
}

/** Teardown: last of all, so that it keeps as much of this run as it can. */
export function planRunHistoryDrop(contract: SourceContract, target: TargetObservation): Proposal {
  // Another address of production itself: what is there is no clone's.
  if (target.isSourceServer) return NOTHING;
  const table = historyTable(contract.environment);
  const ours = Object.entries(target.databases).filter(
    ([, { runHistory }]) => ownMark(runHistory?.comment ?? null, 'history', contract.environment) !== null,
  );
  return joinProposals(
    ours.map(([database]) =>
      propose([
        sqlChange({
          address: { side: 'target', database, kind: HISTORY_KIND, name: table.schema },
          action: 'delete',
          reason: 'the history of runs that was kept here: a file given by --history-file stays',
          place: { side: 'target', database },
          guards: [],
          statements: [
            { text: `DROP TABLE IF EXISTS ${quoteQualified(table)}` },
            { text: `DROP TABLE IF EXISTS ${quoteQualified(largeObjectRecord(contract.environment))}` },
            { text: `DROP SCHEMA ${quoteIdent(table.schema)}` },
          ],
        }),
      ]),
    ),
  );
}

/** Of the address of the change that drops it. */
export const HISTORY_KIND = 'run-history';
