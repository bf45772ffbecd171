import { changeOf, propose, type Change, type Finding, type Proposal } from '../../model/change';
import type { Inheritable } from '../../model/inheritable';
import type { InheritedPrepared } from '../../postgres/catalog/prepared-transactions';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';

/**
 * A transaction that was prepared on the source when the clone was taken is
 * prepared on the clone too, with its row locks: the apply worker would wait
 * for them for ever. It is rolled back here, and nothing is lost by that: its
 * end on the source comes after the seed LSN, and a slot without two_phase
 * decodes the whole transaction at COMMIT PREPARED (DecodeCommit in decode.c).
 * None of it can be from before the slot, whose creation waits for prepared
 * transactions as for open ones.
 */
export function planInheritedPrepared(
  source: Inheritable,
  target: Inheritable,
  databases: ReadonlySet<string>,
): Proposal {
  const linked = target.preparedTransactions.filter((prepared) => databases.has(prepared.database));
  const copies = linked.filter((prepared) => isCopy(source, prepared));
  const findings = target.preparedTransactions.filter((prepared) => !copies.includes(prepared)).map(leave);
  return propose(copies.filter((prepared) => prepared.mayEnd).map(rollBack), [
    ...findings,
    ...copies.filter((prepared) => !prepared.mayEnd).map(stuck),
  ]);
}

/**
 * One that the source still has is certainly a copy. One that it has ended
 * meanwhile is told by its age: it was there before the clone's server started.
 */
function isCopy(source: Inheritable, prepared: InheritedPrepared): boolean {
  const onSource = source.preparedTransactions.some(
    (other) =>
      other.gid === prepared.gid &&
      other.transaction === prepared.transaction &&
      other.database === prepared.database &&
      other.owner === prepared.owner,
  );
  return onSource || prepared.beforeStart;
}

function rollBack(prepared: InheritedPrepared): Change {
  const { gid, transaction, owner, database } = prepared;
  return changeOf({
    address: { side: 'target', database, kind: 'inherited-prepared-transaction', name: gid },
    action: 'delete',
    reason:
      'a copy of one of the source, whose locks would stop replication; if the source commits it, the changes arrive from there',
    preview: [`SET ROLE ${quoteIdent(owner)};`, `ROLLBACK PREPARED ${quoteLiteral(gid)};`, 'RESET ROLE;'],
    operation: { kind: 'rollback-prepared', place: { side: 'target', database }, gid, transaction },
  });
}

function stuck({ gid, owner, database }: InheritedPrepared): Finding {
  return {
    code: 'PREPARED_TRANSACTION_STUCK',
    severity: 'block',
    seen: `database ${database} of the clone inherited prepared transaction ${gid}, which only ${owner} or a superuser may end`,
    why: 'it holds locks on rows, and replication would wait for them for ever',
    next: `let the master user act as that role, and it is rolled back with the other copies; in database ${database} on the clone: GRANT ${quoteIdent(owner)} TO CURRENT_USER;`,
  };
}

/** Membership is not enough: only the owner itself or a superuser may end it (LockGXact in twophase.c), hence SET ROLE. */
function leave({ gid, owner, database }: InheritedPrepared): Finding {
  return {
    code: 'PREPARED_TRANSACTION_LEFT',
    severity: 'warn',
    seen: `prepared transaction ${gid} in database ${database} of the clone stays: it was prepared on the clone, or the database is not replicated`,
    why: 'until it is ended it holds its locks and holds back VACUUM',
    next: `if nobody needs it, in database ${database} on the clone: SET ROLE ${quoteIdent(owner)}; ROLLBACK PREPARED ${quoteLiteral(gid)}; RESET ROLE;`,
  };
}
