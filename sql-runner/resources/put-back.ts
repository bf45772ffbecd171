import { NOTHING, propose, sqlChange, type Change, type Proposal, type Statement } from '../model/change';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { quoteIdent } from '../postgres/text/quoting';
import type { SubscriptionMark } from '../model/mark';
import { originAtSeed } from './replication-origin';
import { enableSubscription, rememberMark } from './subscription';
import { alteredAttributes, obstacleOf, putBackSql, tellAltered, type Altered } from './subscription-attributes';
import type { StreamOf } from '../model/streams';

/** What puts a subscription back to how sql-runner makes it. */
export interface PutBack {
  /** Before a stream that is disabled goes on. */
  readonly before: Proposal;
  /** Once it is enabled. */
  readonly after: Proposal;
  /** As it is by then: it remembers that changes may have been left out, in the transaction that puts it back. */
  readonly mark: SubscriptionMark;
  /** Its rows are to be compared because of what was altered. */
  readonly doubted: boolean;
}

/** Why the connection of a subscription is to be written again. */
export interface ConnectionDoubt {
  readonly seen: string;
  /** It may have led to another server. */
  readonly loses: boolean;
}

/** By subscription. */
export type ConnectionDoubts = Readonly<Record<string, ConnectionDoubt>>;

/** @property begun a change may have been read already, and left out */
interface State {
  readonly enabled: boolean;
  readonly begun: boolean;
}

export function planPutBack(
  of: StreamOf,
  options: SubscriptionOptions | null,
  mark: SubscriptionMark,
  state: State,
): PutBack {
  const pending = mark.unproven?.altered?.includes('publication') === true ? refreshTables(of) : NOTHING;
  const asItIs = { before: NOTHING, after: pending, mark, doubted: false };
  if (options === null) return asItIs;
  const altered = alteredAttributes(of, options);
  if (obstacleOf(altered, options) !== null) return asItIs;
  const doubted =
    state.begun && altered.some(({ attribute }) => attribute.loses ?? (attribute.ofSlot && state.enabled));
  const names = altered.map(({ attribute }) => attribute.name);
  const remembered = doubted ? withDoubt(mark, names) : mark;
  const ofSlot = altered.filter(({ attribute }) => attribute.ofSlot);
  const retargeted = altered.some(({ attribute }) => attribute.name === 'publication');
  return {
    before: propose([
      ...putBack(of, options, altered, state.enabled, doubted ? remembered : null),
      ...(ofSlot.length === 0 ? [] : putSlotBack(of, options, ofSlot, state.enabled, mark.seedLsn)),
    ]),
    after: retargeted ? refreshTables(of) : pending,
    mark: remembered,
    doubted,
  };
}

/** @param what of the subscription was not as we made it */
export function withDoubt(mark: SubscriptionMark, what: readonly string[]): SubscriptionMark {
  const names = [...new Set([...(mark.unproven?.altered ?? []), ...what])];
  return { ...mark, unproven: { ...mark.unproven, altered: names } };
}

/** In one transaction with the mark; of what changes the slot, only that it is disabled for that. */
function putBack(
  of: StreamOf,
  options: SubscriptionOptions,
  altered: readonly Altered[],
  enabled: boolean,
  remembered: SubscriptionMark | null,
): Change[] {
  const name = quoteIdent(of.stream.subscription);
  const disable = enabled && altered.some(({ attribute }) => attribute.ofSlot);
  const statements: Statement[] = [
    ...(remembered === null ? [] : [rememberMark(of, remembered)]),
    ...altered.filter(({ attribute }) => !attribute.ofSlot).map((one) => ({ text: putBackSql(of, options, one) })),
    ...(disable ? [{ text: `ALTER SUBSCRIPTION ${name} DISABLE` }] : []),
  ];
  if (statements.length === 0) return [];
  const reason = `it was altered: ${altered.map(tellAltered).join(', ')}`;
  return [
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription-options', name: of.stream.subscription },
      action: 'update',
      reason: remembered === null ? reason : `${reason}; what was left out meanwhile only its rows can tell`,
      place: of.subscriber,
      guards: [],
      statements,
    }),
  ];
}

function putSlotBack(
  of: StreamOf,
  options: SubscriptionOptions,
  altered: readonly Altered[],
  enabled: boolean,
  seedLsn: string,
): Change[] {
  const change = sqlChange({
    address: { ...of.subscriber, kind: 'subscription-slot-options', name: of.stream.subscription },
    action: 'update',
    reason: `it was altered: ${altered.map(tellAltered).join(', ')}; the slot on the source follows`,
    place: of.subscriber,
    alone: true,
    guards: [],
    // A worker that was disabled still runs for a moment, and 18 alters two_phase only once it has ended
    // (AlterSubscription in subscriptioncmds.c: object_not_in_prerequisite_state).
    statements: altered.map((one) => ({ text: putBackSql(of, options, one), tooEarly: '55000' })),
  });
  const goOn = enableSubscription(of, 'it was disabled to change its slot', [originAtSeed(of, seedLsn)]);
  return [change, ...(enabled ? goOn.changes : [])];
}

/**
 * Another publication list, once refreshed, took our tables out: their changes
 * arrive and are skipped (should_apply_changes_for_rel in worker.c). Nothing is
 * copied: the clone has the rows, and which of them it lacks is compared.
 */
function refreshTables(of: StreamOf): Proposal {
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription-tables', name: of.stream.subscription },
      action: 'update',
      reason: 'it takes the tables of its own publication again, and no others',
      place: of.subscriber,
      alone: true,
      guards: [],
      statements: [
        {
          text: `ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} REFRESH PUBLICATION WITH (copy_data = false)`,
        },
      ],
    }),
  ]);
}
