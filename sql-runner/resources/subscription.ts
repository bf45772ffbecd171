import { subscriptionMark } from '../model/stream-state';
import { CONNINFO_SETTING } from '../postgres/text/conninfo';
import type { SourceContract } from '../../contract/contract';
import { block, NOTHING, propose, sqlChange, type Guard, type Proposal, type Statement } from '../model/change';
import type { SubscriptionFacts } from '../model/observation';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { foreignMark, formatMark, parseMark, type SubscriptionMark } from '../model/mark';
import { loweredFence } from './read-only-fence';
import { withSecret } from './secret-statement';
import { rememberMade } from './subscription-identity';
import type { StreamOf } from '../model/streams';

export function refuseForeignSubscription(contract: SourceContract, subscription: SubscriptionFacts): Proposal {
  if (subscriptionMark(contract, subscription) !== null) return NOTHING;
  return block({
    code: 'SUBSCRIPTION_NAME_TAKEN',
    seen: `subscription ${subscription.name} in database ${subscription.database} on the clone ${foreignMark(subscription.comment)}`,
    why: 'it was made by somebody else, and nothing tells where it started',
    next:
      parseMark(subscription.comment) !== null
        ? 'rename one of both environments'
        : `if nobody needs it, in database ${subscription.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(subscription.name)} DISABLE; ALTER SUBSCRIPTION ${quoteIdent(subscription.name)} SET (slot_name = NONE); DROP SUBSCRIPTION ${quoteIdent(subscription.name)};`,
  });
}

/**
 * Created disabled, without copying data and on the slot that exists. In one
 * transaction with its mark: there is no moment at which it exists unmarked.
 * @param before what the clone must not have once it is there
 */
export function createSubscription(
  of: StreamOf,
  mark: SubscriptionMark,
  versionNum: number,
  guards: readonly Guard[],
  before: readonly Statement[] = [],
): Proposal {
  const options = `create_slot = false, slot_name = ${quoteLiteral(of.stream.slot)}, copy_data = false, enabled = false${streaming(versionNum)}`;
  const create = `format('CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %I WITH (%s)', ${quoteLiteral(of.stream.subscription)}, current_setting('${CONNINFO_SETTING}'), ${quoteLiteral(of.stream.publication)}, ${quoteLiteral(options)})`;
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription', name: of.stream.subscription },
      action: 'create',
      step: 'connect',
      reason: `disabled, without copying data: the clone has it as of ${mark.seedLsn}${before.length === 0 ? '' : '; rows outside of row filters are deleted there, or they would stop the stream when they come into it'}`,
      place: of.subscriber,
      guards,
      statements: [...before, withSecret(create, CONNINFO_SETTING), rememberMark(of, mark), rememberMade(of)],
    }),
  ]);
}

/**
 * A large transaction is sent while it runs and waits for its commit on the
 * clone, instead of on the source's disk (PostgreSQL manual 29.8; from 14 on).
 * Not `parallel`, which is the default from 18 on: that takes workers that
 * other streams may need, and several sessions of one stream can deadlock.
 */
function streaming(versionNum: number): string {
  return versionNum >= 140_000 ? ', streaming = on' : '';
}

/** A new password in the secret must reach the subscription too. The mark tells which one it has. */
export function updateConnection(of: StreamOf, mark: SubscriptionMark, reason: string): Proposal {
  const alter = `format('ALTER SUBSCRIPTION %I CONNECTION %L', ${quoteLiteral(of.stream.subscription)}, current_setting('${CONNINFO_SETTING}'))`;
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription-connection', name: of.stream.subscription },
      action: 'update',
      reason,
      place: of.subscriber,
      guards: [],
      statements: [withSecret(alter, CONNINFO_SETTING), rememberMark(of, mark)],
    }),
  ]);
}

export function rememberMark(of: StreamOf, mark: SubscriptionMark): Statement {
  return { text: `COMMENT ON SUBSCRIPTION ${quoteIdent(of.stream.subscription)} IS ${quoteLiteral(formatMark(mark))}` };
}

/** @param remembered written as its mark in the same transaction; none: the mark stays as it is */
export function enableSubscription(
  of: StreamOf,
  reason: string,
  guards: readonly Guard[],
  remembered?: SubscriptionMark,
): Proposal {
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription-enabled', name: of.stream.subscription },
      action: 'update',
      step: 'connect',
      reason,
      place: of.subscriber,
      guards,
      statements: [
        ...(remembered === undefined ? [] : [rememberMark(of, remembered)]),
        { text: `ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} ENABLE` },
      ],
    }),
  ]);
}

/**
 * Teardown: detached from its slot first, so that dropping it needs no connection to the source.
 * @param subscription of the stream, whatever its name
 */
export function dropSubscription(contract: SourceContract, of: StreamOf, subscription: SubscriptionFacts): Proposal {
  const mark = subscriptionMark(contract, subscription);
  if (mark === null) return NOTHING;
  const name = quoteIdent(subscription.name);
  return propose([
    sqlChange({
      address: { ...of.subscriber, kind: 'subscription', name: subscription.name },
      action: 'delete',
      reason: 'the clone keeps its data and stops following the source',
      place: of.subscriber,
      guards: [],
      statements: [
        ...loweredFence(of, mark),
        { text: `ALTER SUBSCRIPTION ${name} DISABLE` },
        { text: `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)` },
        // DropSubscription in subscriptioncmds.c leaves the comment behind, for whatever gets this oid.
        { text: `COMMENT ON SUBSCRIPTION ${name} IS NULL` },
        { text: `DROP SUBSCRIPTION ${name}` },
      ],
    }),
  ]);
}
