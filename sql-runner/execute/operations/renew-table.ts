import { OperatorError } from '../../../errors/operator-error';
import type { Place } from '../../model/address';
import type { Operation } from '../../model/change';
import type { AddedTable } from '../../model/table-notes';
import { tableKey } from '../../model/table-index';
import { displayTable } from '../../model/table-selection';
import { publishedTables } from '../../postgres/catalog/publications';
import { referencedByOthers } from '../../postgres/catalog/referenced';
import { relationsNamed } from '../../postgres/catalog/table-needs';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { noteAdded } from './added-mark';
import { END_WORKER_MS, endWorker } from './end-worker';
import { forgetLeft, takenStates } from './taken-by-refresh';

type Renewing = Extract<Operation, { kind: 'renew-table' }>;

/**
 * Takes a table out of its stream and empties it on the clone, so that it can be added as one that is new. Noted first:
 * whatever a run that dies leaves, the next apply begins here again until it is empty, and goes on from there.
 *
 * A worker that has applied changes of a table takes it for its own until it ends (logicalrep_rel_open in relation.c asks
 * only where its state was not `ready`): it would go on with what is on its way, beside the copy. So it is ended once the
 * subscription has forgotten the table; the one that the server starts instead passes over its changes.
 */
export async function renewTable(operation: Renewing, execution: Execution): Promise<void> {
  const { stream, table } = operation;
  const clone = await execution.writer(stream.place);
  const sent = await isSent(operation, execution);
  if (sent) await refuseWriter(operation, execution);
  await noted(clone, operation, 'leaving');
  if (sent) await unpublish(operation, execution);
  if ((await takenStates(stream, execution)).has(tableKey(table))) await forgetLeft(stream, execution);
  if (!(await endWorker(stream, execution))) throw stillAtWork(operation);
  await namingWaits(stream.place, clone, execution, () =>
    clone.transaction(async () => {
      await empty(clone, table);
      await noted(clone, operation, 'emptied');
    }),
  );
}

/** It stays noted what the replication role was given: it may be there by now. */
function noted(session: Session, { stream, table }: Renewing, again: AddedTable['again']): Promise<void> {
  return noteAdded(session, stream, (added) => {
    const granted = added.find(({ oid }) => oid === table.oid)?.granted;
    const note = { ...table, again, ...(granted === undefined ? {} : { granted }) };
    return [...added.filter(({ oid }) => oid !== table.oid), note];
  });
}

async function isSent({ stream, table }: Renewing, { connections }: Execution): Promise<boolean> {
  const sent = await connections.use(sourceOf(stream), (session) => publishedTables(session, stream.publication));
  return sent.some((one) => tableKey(one) === tableKey(table));
}

/**
 * It comes back into the publication only while nobody writes to it in a transaction that stays open (see publish() in
 * plan/added-table-changes.ts). Where somebody does, that is told now, and not once the clone has it empty.
 */
async function refuseWriter({ stream, table }: Renewing, execution: Execution): Promise<void> {
  const source = await execution.writer(sourceOf(stream));
  await namingWaits(sourceOf(stream), source, execution, () =>
    source.transaction(async () => {
      await source.query(`SET LOCAL lock_timeout = '1s'`);
      await source.query(`LOCK TABLE ONLY ${quoteQualified(table)} IN SHARE ROW EXCLUSIVE MODE`);
    }),
  );
}

const sourceOf = ({ place }: Renewing['stream']): Place => ({ side: 'source', database: place.database });

/** The lock of this keeps out VACUUM and DDL, and no writer (SHARE UPDATE EXCLUSIVE). */
async function unpublish({ stream, table }: Renewing, execution: Execution): Promise<void> {
  const source = await execution.writer(sourceOf(stream));
  await namingWaits(sourceOf(stream), source, execution, () =>
    source.transaction(async () => {
      await source.query(`SET LOCAL lock_timeout = '1s'`);
      await source.query(
        `ALTER PUBLICATION ${quoteIdent(stream.publication)} DROP TABLE ONLY ${quoteQualified(table)}`,
      );
    }),
  );
}

function stillAtWork({ stream }: Renewing): OperatorError {
  return new OperatorError({
    code: 'TABLE_NOT_RENEWED',
    seen: `the apply worker of subscription ${stream.subscription} in database ${stream.place.database} did not end in ${END_WORKER_MS / 1_000} s`,
    why: 'it would go on applying changes of the table beside its copy; nothing of it was emptied',
    next: 'run the same command again, which goes on where it stands',
  });
}

/** The server truncates nothing that a foreign key of another table references; as the apply worker does, no key is asked. */
async function empty(session: Session, table: Pick<AddedTable, 'schema' | 'name'>): Promise<void> {
  try {
    await session.query('SET LOCAL session_replication_role = replica');
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new OperatorError({
      code: 'TABLE_NOT_RENEWED',
      seen: `the login of the clone may not set session_replication_role, and so not empty ${displayTable(table)} as the apply worker would`,
      why: 'triggers of the clone would fire, and foreign keys take other rows along; nothing of it was emptied',
      next: 'let a superuser allow it (on RDS rds_superuser may), and run the same command again, which goes on where it stands',
    });
  }
  const own = quoteQualified(table);
  // It is made anew then.
  if ((await relationsNamed(session, [table])).length === 0) return;
  await session.query((await referencedByOthers(session, table)) ? `DELETE FROM ONLY ${own}` : `TRUNCATE ONLY ${own}`);
}
