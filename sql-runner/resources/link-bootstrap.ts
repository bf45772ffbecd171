import type { StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { block, joinProposals, NOTHING, propose, type Guard, type Proposal, type Refusal } from '../model/change';
import type { PublicationFacts, PublishedTableFacts, SourceObservation, TargetObservation } from '../model/observation';
import { publishedFormSql } from '../postgres/text/published-part';
import { judgeAlignment } from './clone-alignment';
import { continuityFinding, judgeContinuity, type Continuity } from './continuity';
import { heartbeatTable } from './heartbeat';
import { heldFinding, holdOf } from './held-stream';
import type { SubscriptionMark } from '../model/mark';
import { renamedDatabase } from './renamed-database';
import { renamedOf } from './renamed-subscription';
import { advanceOrigin, originAtSeed } from './replication-origin';
import { fencedMark, planReadOnlyFence } from './read-only-fence';
import { planPutBack, withDoubt, type ConnectionDoubts } from './put-back';
import { forgetHold, letGoOn, planResume, proveByRows } from './resume';
import { hasNoSlot } from './replication-slot';
import { type StreamOf, newClone } from '../model/streams';
import { deleteRowsOutside } from './rows-outside';
import { isUnlooked } from './unlooked';
import { createSubscription, enableSubscription, refuseForeignSubscription, updateConnection } from './subscription';

export interface LoginState {
  /** The replication role gets another password in this plan: of which version of the secret. */
  readonly password: { readonly version: string } | null;
  readonly doubts: ConnectionDoubts;
}

/**
 * @param resuming what is held by consent may go on; otherwise it stops the plan
 *
 * The three steps that connect one stream: subscription (disabled), origin at
 * the seed LSN, enable. Each looks at what is there, so a run that died between
 * any two is simply continued.
 */
export function planBootstrap(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
  nonce: string,
  login: LoginState,
  resuming = false,
): Proposal {
  const { subscription, subscriptionMark: mark, origin: progress } = of;
  // Ours under another name: findRenamedSubscriptions or findRenamedDatabases has spoken.
  if (renamedOf(contract, target, of).length > 0 || renamedDatabase(target, of) !== null) return NOTHING;
  if (subscription === null) return planFirst(contract, source, target, of, nonce, login);
  const foreign = refuseForeignSubscription(contract, subscription);
  if (mark === null) return foreign;
  if (mark.nonce !== nonce) return block(olderClone(contract, of, mark.nonce));
  // planSlot has spoken.
  if (hasNoSlot(of)) return NOTHING;

  const continuity = judgeContinuity(contract, { source, target }, of);
  const said = propose(
    [],
    [continuityFinding(contract, continuity)].filter((finding) => finding !== null),
  );
  if (continuity?.kind === 'broken') return resuming ? ofOneStream(said) : said;
  const hold = holdOf(of);
  if (hold !== null && !resuming) return propose([], [heldFinding(contract, of, hold)]);
  const connection = planConnection(contract, source, of, mark, login);
  const fence = planReadOnlyFence(contract, target, of, connection.mark);
  const left = fencedMark(contract, target, of, connection.mark);
  const { enabled } = subscription;
  const begun = enabled || (progress !== null && continuity?.kind !== 'proven');
  const back = planPutBack(of, of.options, left, { enabled, begun });
  if (enabled || progress !== null) {
    const goOn = enabled ? forgetHold(of, back.mark) : planEnable(of, back.mark, progress!, continuity);
    const doubted = continuity?.kind === 'not proven' || back.doubted || connection.doubted;
    // Of what goes on anyway: nothing of a stream that was held is in doubt where both sides stand as they stood.
    const unlooked = resuming && enabled && isUnlooked(source, target, of);
    const proof = doubted || unlooked ? proveByRows(contract, of) : NOTHING;
    return joinProposals([said, connection.proposal, fence, back.before, goOn, back.after, proof]);
  }
  // The origin is untouched: the interval must hold exactly as for a new subscription.
  const alignment = judgeAlignment(contract, source, target, of, nonce);
  const start = [advanceOrigin(of, mark.seedLsn), enableFirst(of, mark.seedLsn)];
  return joinProposals([alignment, connection.proposal, fence, back.before, ...start, back.after]);
}

/** That it was read or moved while it was held says nothing of the others, which are let go on. */
function ofOneStream({ changes, findings }: Proposal): Proposal {
  return propose(
    changes,
    findings.map((finding) => (finding.code === 'HOLD_BROKEN' ? { ...finding, stops: [] } : finding)),
  );
}

function planEnable(of: StreamFacts, mark: SubscriptionMark, origin: string, continuity: Continuity | null): Proposal {
  const confirmed = of.slot?.confirmedFlushLsn ?? null;
  if (confirmed === null) return NOTHING; // planSlot has spoken
  if (continuity?.kind === 'proven' && mark.held !== undefined) return letGoOn(of, mark, origin, confirmed);
  if (continuity?.kind === 'proven') return enableFirst(of, mark.seedLsn);
  return planResume(of, mark, origin, confirmed);
}

/** @returns also the mark that the subscription has after it: a later change of the plan writes it again */
function planConnection(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamOf,
  mark: SubscriptionMark,
  { password, doubts }: LoginState,
): { proposal: Proposal; mark: SubscriptionMark; doubted: boolean } {
  const version = password?.version ?? source.secretVersion ?? mark.secretVersion;
  const doubt = doubts[of.stream.subscription] ?? null;
  const outdated = password !== null || mark.secretVersion !== version;
  if (!outdated && doubt === null) return { proposal: NOTHING, mark, doubted: false };
  const updated = { ...mark, secretVersion: version };
  const doubted = !outdated && doubt?.loses === true;
  const remembered = doubted ? withDoubt(updated, ['connection']) : updated;
  const reason = outdated
    ? newLogin(contract, source, mark)
    : `${doubt!.seen}: its connection, which cannot be read, is written again`;
  return { proposal: updateConnection(of, remembered, reason), mark: remembered, doubted };
}

function newLogin(
  { replication }: SourceContract,
  { passwordWorks, secretVersion }: SourceObservation,
  mark: SubscriptionMark,
) {
  if (passwordWorks === null)
    return `the secret gets a password of role ${replication.role}, and the subscription logs in with it`;
  if (mark.secretVersion === secretVersion)
    return 'the password is set on the replication role anew, and the subscription is given it once more';
  return 'the secret of the replication role has another value than the subscription was given';
}

/** The outputs name the new ticket, but the clone itself was not replaced. */
function olderClone(contract: SourceContract, of: StreamOf, nonce: string): Refusal {
  return {
    code: 'CLONE_NOT_UNDER_TICKET',
    seen: `subscription ${of.stream.subscription} in database ${of.database} was made under ticket ${nonce}, not the present one`,
    why: 'it is a clone of before the present slots: changes between the two would be missing',
    next: newClone(contract),
  };
}

function planFirst(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
  nonce: string,
  { password }: LoginState,
): Proposal {
  const alignment = judgeAlignment(contract, source, target, of, nonce);
  const seedLsn = target.seedLsn;
  if (alignment.findings.length > 0 || seedLsn === null) return alignment;
  const { environment } = contract;
  const mark: SubscriptionMark = {
    kind: 'subscription',
    environment,
    nonce,
    seedLsn,
    secretVersion: password?.version ?? source.secretVersion ?? '',
  };
  return joinProposals([
    createSubscription(
      of,
      mark,
      target.server.versionNum,
      [publicationUnchanged(of, of.publication!), slotUnused(of, ticketedAt(of), seedLsn), seedUnchanged(of, seedLsn)],
      deleteRowsOutside(of.inherited!),
    ),
    planReadOnlyFence(contract, target, of, mark),
    advanceOrigin(of, seedLsn),
    enableFirst(of, seedLsn),
  ]);
}

function enableFirst(of: StreamFacts, seedLsn: string): Proposal {
  const unused = slotUnused(of, ticketedAt(of), seedLsn);
  return enableSubscription(of, 'begin to follow the source', [originAtSeed(of, seedLsn), unused]);
}

/** Nothing is connected unless every publication carries the ticket; see planTarget in plan/plan-apply.ts. */
function ticketedAt(of: StreamFacts): string {
  return of.mark!.ticket!.confirmedFlushLsn;
}

/** The interval rule once more, on the live source, right before the subscription is made. */
function slotUnused(of: StreamOf, confirmed: string, seedLsn: string): Guard {
  return {
    place: of.publisher,
    sql: `SELECT NOT active AND wal_status IS DISTINCT FROM 'lost' AND confirmed_flush_lsn = $2::pg_lsn AND confirmed_flush_lsn <= $3::pg_lsn AND $3::pg_lsn <= pg_current_wal_flush_lsn() AS ok,
       active, wal_status, confirmed_flush_lsn, pg_current_wal_flush_lsn() AS flush_lsn
FROM pg_replication_slots WHERE slot_name = $1`,
    values: [of.stream.slot, confirmed, seedLsn],
    refusal: {
      code: 'SLOT_CONSUMED',
      seen: `replication slot ${of.stream.slot} on the source is no longer as the clone ticket recorded it`,
      why: 'changes that the clone has not got would be missing',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

/**
 * What the clone inherited is what it must go on to get: the same tables, whole, under the same mark, and never
 * otherwise since they were planned with: what is put back has other rows in the catalog; see publication-rows.ts.
 */
function publicationUnchanged(of: StreamOf, publication: PublicationFacts): Guard {
  return {
    place: of.publisher,
    sql: `SELECT obj_description(p.oid, 'pg_publication') = $2 AND ($4::text = '' OR p.oid || ' ' || p.xmin = $4 AND t.rows = ARRAY(SELECT jsonb_array_elements_text($5::jsonb) ORDER BY 1)) AND NOT p.puballtables AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND NOT p.pubviaroot
       AND t.list IS NOT DISTINCT FROM (SELECT jsonb_agg(e ORDER BY e) FROM jsonb_array_elements($3::jsonb) e) AS ok, t.list AS tables
FROM pg_publication p, LATERAL (
  SELECT jsonb_agg(e ORDER BY e) AS list, array_agg(r.oid || ' ' || r.prrelid || ' ' || r.xmin ORDER BY r.oid || ' ' || r.prrelid || ' ' || r.xmin) AS rows
  FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
       LATERAL jsonb_build_object('schema', n.nspname, 'name', c.relname, 'form', ${publishedFormSql()}) e
  WHERE r.prpubid = p.oid) t
WHERE p.pubname = $1`,
    values: [
      publication.name,
      publication.comment ?? '',
      JSON.stringify(
        [...publication.tables, ...(publication.heartbeat === true ? [heartbeatTable(of)] : [])].map(
          ({ schema, name, form }: PublishedTableFacts) => ({ schema, name, form: form ?? null }),
        ),
      ),
      publication.rows?.self ?? '',
      JSON.stringify(Object.values(publication.rows?.members ?? {})),
    ],
    refusal: {
      code: 'PUBLICATION_ALTERED',
      seen: `publication ${publication.name} in database ${of.database} is no longer as it was planned with`,
      why: 'changes made to a table while it was not published never reach the clone',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

function seedUnchanged(of: StreamOf, seedLsn: string): Guard {
  return {
    place: of.subscriber,
    sql: 'SELECT aurora_volume_logical_start_lsn() = $1::pg_lsn AS ok, aurora_volume_logical_start_lsn() AS seed_lsn',
    values: [seedLsn],
    refusal: {
      code: 'CLONE_CHANGED',
      seen: `the clone's seed LSN is no longer ${seedLsn}`,
      why: 'it is another clone than the one that was planned for',
      next: 'run sql-runner plan again',
    },
  };
}
