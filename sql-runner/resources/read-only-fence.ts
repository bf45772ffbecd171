import type { SourceContract } from '../../contract/contract';
import { NOTHING, propose, sqlChange, type Proposal, type Statement } from '../model/change';
import type { TargetObservation } from '../model/observation';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { formatMark, type SubscriptionMark } from '../model/mark';
import type { StreamOf } from '../model/streams';

/**
 * Makes new sessions of a database on the clone read-only, by a setting of the
 * database. The apply worker gets that setting too, and is not stopped by it:
 * the server checks for it where it executes statements (ExecCheckXactReadOnly
 * in execMain.c), and the worker changes rows below that. The setting is a
 * default, which a session may lift with SET, as sql-runner's own sessions do:
 * a fence against mistakes, not a lock.
 *
 * The mark of the subscription remembers that the fence is ours, in the same
 * transaction. A database that is read-only already is left as it is, for ever.
 * @param mark the subscription's, as it is by then
 */
export function planReadOnlyFence(
  contract: SourceContract,
  target: TargetObservation,
  of: StreamOf,
  mark: SubscriptionMark,
): Proposal {
  const fenced = fencedMark(contract, target, of, mark);
  if (fenced === mark) return NOTHING;
  return propose([fenced.fence === undefined ? lower(of, fenced) : raise(of, fenced)]);
}

/** The mark as the fence leaves it; the same object where there is nothing to do. */
export function fencedMark(
  contract: SourceContract,
  target: TargetObservation,
  of: StreamOf,
  mark: SubscriptionMark,
): SubscriptionMark {
  if (!isFirstStream(contract, of)) return mark;
  const set = target.readOnlyDatabases.includes(of.database);
  if (target.fence && !set) return { ...mark, fence: true };
  if (target.fence || mark.fence === undefined) return mark;
  const { fence: _, ...without } = mark;
  return without;
}

/** A database has one fence, however many streams: the first one carries the mark. */
function isFirstStream(contract: SourceContract, of: StreamOf): boolean {
  const link = contract.links.find((candidate) => candidate.database === of.database);
  return link?.streams[0]?.subscription === of.stream.subscription;
}

const setting = (of: StreamOf, what: 'SET' | 'RESET'): Statement =>
  what === 'SET'
    ? { text: `ALTER DATABASE ${quoteIdent(of.database)} SET default_transaction_read_only = on` }
    : { text: `ALTER DATABASE ${quoteIdent(of.database)} RESET default_transaction_read_only` };

function raise(of: StreamOf, mark: SubscriptionMark) {
  return sqlChange({
    address: { ...of.subscriber, kind: 'read-only-fence', name: of.stream.subscription },
    action: 'create',
    reason: 'new sessions read only, unless they lift it with SET; replication is not affected',
    place: of.subscriber,
    guards: [],
    statements: [setting(of, 'SET'), remember(of, mark)],
  });
}

function lower(of: StreamOf, mark: SubscriptionMark) {
  return sqlChange({
    address: { ...of.subscriber, kind: 'read-only-fence', name: of.stream.subscription },
    action: 'delete',
    reason: 'the environment does not ask for it any more',
    place: of.subscriber,
    guards: [],
    statements: [setting(of, 'RESET'), remember(of, mark)],
  });
}

function remember(of: StreamOf, mark: SubscriptionMark): Statement {
  return { text: `COMMENT ON SUBSCRIPTION ${quoteIdent(of.stream.subscription)} IS ${quoteLiteral(formatMark(mark))}` };
}

/** Teardown: what goes together with the subscription that carries the mark. */
export function loweredFence(of: StreamOf, mark: SubscriptionMark): Statement[] {
  return mark.fence === undefined ? [] : [setting(of, 'RESET')];
}
