import type { Code } from '../../errors/codes';
import { addressText, type Address, type Place } from './address';
import type { FollowRoles } from './followed-roles';
import type { CopyLargeObjects } from './large-objects';
import type { PublicationMark } from './mark';
import type { PlannedSequence, SequencesWanted } from './sequences';
import type { RepairOperation } from './repair';
import type { SkipTransaction } from './skip';
import type { StreamOf } from './streams';
import type { TableOperation } from './table-operations';
import type { RefreshView } from './views';

/**
 * Terminology
 * - change: one planned step. Its operation is data, executed by execute/execute.ts.
 * - guard: a query that must answer `ok = true` immediately before the operation;
 *   it repeats, on the live server, what the plan relied on.
 * - finding: something that stops a plan, or that the operator should know.
 */

export interface Statement {
  /** Exactly what the server gets. Neither it nor the values hold a secret: those are settings of the session. */
  readonly text: string;
  readonly values?: readonly string[];
  /** The SQLSTATE by which the server says that it is too early, which is waited for; of a statement that can be repeated. */
  readonly tooEarly?: string;
}

export interface Guard {
  readonly place: Place;
  /** Returns one row with a boolean `ok`; its other columns are shown when it is not true. */
  readonly sql: string;
  readonly values: readonly string[];
  readonly refusal: Pick<Finding, 'code' | 'seen' | 'why' | 'next'>;
}

export interface SqlOperation {
  readonly kind: 'sql';
  readonly place: Place;
  readonly guards: readonly Guard[];
  /** Upheld after the statements, in their transaction, which a refusal takes back: what only their locks keep as it is. */
  readonly afterwards?: readonly Guard[];
  readonly statements: readonly Statement[];
  /** One by one, not in a transaction: the server refuses them there (PreventInTransactionBlock), and each can be repeated. */
  readonly alone?: true;
}

export interface TicketEntry {
  readonly database: string;
  readonly publication: string;
  readonly mark: PublicationMark;
}

export type Operation =
  | SqlOperation
  | TableOperation
  | { readonly kind: 'create-slot'; readonly place: Place; readonly slot: string }
  | { readonly kind: 'drop-slot'; readonly place: Place; readonly slot: string }
  | { readonly kind: 'rollback-prepared'; readonly place: Place; readonly gid: string; readonly transaction: string }
  | { readonly kind: 'attach-parameter-group'; readonly cluster: string; readonly group: string }
  | { readonly kind: 'reboot-writer'; readonly cluster: string; readonly expectLogical: boolean }
  | {
      readonly kind: 'set-role-password';
      readonly place: Place;
      readonly role: string;
      readonly secretArn: string;
      /** Which version of the secret has the password afterwards; 32 hexadecimal digits where it is made here. */
      readonly version: string;
      /** A new password, whatever the secret holds. */
      readonly fresh?: true;
    }
  /** Writes a beat of each stream and waits until the clone has applied it, with all before it. */
  | {
      readonly kind: 'drain';
      readonly streams: readonly StreamOf[];
      /** On the way to something else: that all is in sync is for the end of the run to say. */
      readonly onTheWay?: true;
    }
  | {
      /** Disables a subscription and records, once its worker is gone, where both sides stand. */
      readonly kind: 'hold-stream';
      readonly place: Place;
      readonly environment: string;
      readonly subscription: string;
      readonly slot: string;
      /** Its slot is given up afterwards. */
      readonly released: boolean;
    }
  | {
      /** Gives subscriptions their connections anew, and waits until other senders serve their slots. */
      readonly kind: 'connect-anew';
      readonly connections: readonly { readonly subscription: string; readonly operation: SqlOperation }[];
    }
  | {
      readonly kind: 'issue-ticket';
      readonly parameter: string;
      readonly environment: string;
      /** Reused when every publication carries it already; null: a new random one. */
      readonly nonce: string | null;
      readonly entries: readonly TicketEntry[];
    }
  | { readonly kind: 'delete-ticket'; readonly parameter: string }
  | {
      /** Puts sequences of the clone where those of the source stand by then. */
      readonly kind: 'move-sequences';
      readonly place: Place;
      readonly wanted: SequencesWanted;
      readonly sequences: readonly PlannedSequence[];
    }
  | RefreshView
  | FollowRoles
  | CopyLargeObjects
  | SkipTransaction
  | RepairOperation
  | {
      /** Compares every row of a stream, and takes `unproven` out of its mark when all are equal. */
      readonly kind: 'prove-continuity';
      readonly place: Place;
      readonly environment: string;
      readonly subscription: string;
      readonly publication: string;
      readonly slot: string;
    };

export type Action = 'create' | 'update' | 'delete' | 'replace';

/**
 * Kinds of steps that a finding can stop one by one: publishing tables, making a slot, issuing the ticket, making or
 * changing the replication role, restarting the writer, connecting a stream (subscription, origin, enable).
 */
export type Step = 'publish' | 'slot' | 'ticket' | 'role' | 'reboot' | 'connect';

export interface Change {
  readonly address: Address;
  /** The text of the address: what people and scripts know it by. */
  readonly id: string;
  readonly action: Action;
  /** Set when the change means an outage: the flag that consents to it. */
  readonly consent?: 'allow-reboot';
  /** Where findings may stop it apart from others; operations of a kind of their own say it by that. */
  readonly step?: Step;
  readonly reason: string;
  /** The SQL or API calls, one a line, without secrets. */
  readonly preview: readonly string[];
  readonly operation: Operation;
}

export type Severity = 'block' | 'warn' | 'info';

export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  /** How something stands by now: it stops none of the changes of a plan, which may be what mends it. */
  readonly standing?: true;
  /** Of one that blocks: the steps that it stops; absent: every step. The steps of a plan that are not among them go on. */
  readonly stops?: readonly Step[];
}

/** What stops a plan: block() makes a finding of it. */
export type Refusal = Omit<Finding, 'severity'>;

/** What one resource contributes to a plan. */
export interface Proposal {
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
}

export const NOTHING: Proposal = { changes: [], findings: [] };

export function propose(changes: readonly Change[], findings: readonly Finding[] = []): Proposal {
  return { changes, findings };
}

export function block(refusal: Refusal): Proposal {
  return { changes: [], findings: [{ ...refusal, severity: 'block' }] };
}

/**
 * What two parts of a plan find to do, such as a subscription that belongs to two streams by its name, is done once. A
 * slot that is dropped and made again has two changes of one id.
 */
export function joinProposals(proposals: readonly Proposal[]): Proposal {
  const planned = new Map<string, Change>();
  for (const change of proposals.flatMap(({ changes }) => changes)) {
    const key = `${change.action} ${change.id}`;
    if (!planned.has(key)) planned.set(key, change);
  }
  return {
    changes: [...planned.values()],
    findings: proposals.flatMap((proposal) => proposal.findings),
  };
}

export function changeOf(parts: Omit<Change, 'id'>): Change {
  return { ...parts, id: addressText(parts.address) };
}

/** A change that runs plain SQL: its preview is the SQL itself. */
export function sqlChange(parts: Omit<Change, 'id' | 'preview' | 'operation'> & Omit<SqlOperation, 'kind'>): Change {
  const { place, guards, afterwards, statements, alone, ...rest } = parts;
  return changeOf({
    ...rest,
    preview: statements.map(previewStatement),
    operation: { kind: 'sql', place, guards, afterwards, statements, alone },
  });
}

function previewStatement(statement: Statement): string {
  const values = (statement.values ?? []).map((value, index) => `$${index + 1} = ${value}`);
  return values.length === 0 ? `${statement.text};` : `${statement.text};  -- ${values.join(', ')}`;
}

export const slotsDropped = (changes: readonly Change[]): string[] =>
  changes.flatMap(({ operation }) => (operation.kind === 'drop-slot' ? [operation.slot] : []));
