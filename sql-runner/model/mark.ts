import { z } from 'zod';
import { addedTableSchema, leftTableSchema, renamedColumnSchema, tablePartSchema } from './table-notes';

/**
 * Our mark: the comment on every role, publication and subscription that
 * sql-runner makes. It says that the object is ours (nothing without it is ever
 * altered or dropped) and carries what a later run has to remember, because
 * there is no state file. Slots cannot carry comments; the mark of the
 * publication names its slot.
 */
const PREFIX = 'aurora-cross-account-sync ';

const roleMarkSchema = z.object({ kind: z.literal('role'), environment: z.string() });

const publicationMarkSchema = z.object({
  kind: z.literal('publication'),
  environment: z.string(),
  slot: z.string(),
  /** A reset has begun and no new ticket is issued yet: nothing may be connected by what is left of the old one. */
  resetting: z.literal(true).optional(),
  /** Of which tables it sends a part, as the environment said when it was made so; see model/table-parts.ts. */
  parts: z.array(tablePartSchema).optional(),
  /** Its slot was given up for the sake of production: when, and what it cost. */
  released: z.object({ at: z.string(), because: z.string() }).optional(),
  /** Present once the clone ticket is issued. */
  ticket: z
    .object({
      nonce: z.string(),
      /** The slot's confirmed_flush_lsn at that moment: an unused slot never moves. */
      confirmedFlushLsn: z.string(),
    })
    .optional(),
});

const subscriptionMarkSchema = z.object({
  kind: z.literal('subscription'),
  environment: z.string(),
  nonce: z.string(),
  seedLsn: z.string(),
  /** Version of the secret whose password the subscription logs in with; the conninfo itself cannot be read. */
  secretVersion: z.string(),
  /** Which subscription it was written on: a comment can be copied; see subscription-identity.ts. */
  made: z.string().optional(),
  /** How often subscriptions of the cluster had been updated when a run had ended; see unexplained-updates.ts. */
  updates: z.number().optional(),
  /** Which count that was, see postgres/catalog/subscription-updates.ts; absent: of before this was written down. */
  counts: z
    .object({
      since: z.string(),
      /** When it was read, by the clock of the clone. */
      at: z.string(),
      /** The process that applied the stream's changes by then; absent: none, or not known. */
      worker: z.number().optional(),
      /** How many of the updates of that count were our own by then, of all streams; see `own`. */
      own: z.number().optional(),
      /** That run had altered subscriptions itself: their workers may have logged it a little later. */
      altering: z.literal(true).optional(),
      /** What was done before that count began nobody has looked at; there until every row has been compared. */
      unseen: z.literal(true).optional(),
    })
    .optional(),
  /**
   * How many updates of a count were our own, each added in the transaction that made it, so that it is known of a run
   * that was killed too; it only grows. See execute/own-updates.ts.
   */
  own: z.object({ since: z.string(), updates: z.number() }).optional(),
  /** We made the database read-only; see read-only-fence.ts. */
  fence: z.literal(true).optional(),
  /**
   * Why changes may have been skipped; there until every row has been compared.
   * Where it stood when it was enabled again, or what of it was put back.
   */
  unproven: z
    .object({
      origin: z.string().optional(),
      confirmed: z.string().optional(),
      altered: z.array(z.string()).optional(),
    })
    .optional(),
  /** Transactions that were left out by consent, see resources/skipped-transactions.ts; there until all rows are equal. */
  skipped: z
    .array(z.object({ finish: z.string(), at: z.string(), rows: z.number(), tables: z.array(z.string()) }))
    .optional(),
  /** It is disabled by consent; see resources/held-stream.ts. */
  held: z
    .object({
      /** When, ISO 8601. */
      at: z.string(),
      /** Where its origin stood once its worker was gone. */
      origin: z.string(),
      /** And the confirmed_flush_lsn of its slot. */
      confirmed: z.string(),
      /** Since when the clone's server counted that it was disabled; absent: not known. */
      counting: z.string().optional(),
      /** The source ran this version then, as server_version_num has it; absent: not known. */
      version: z.number().optional(),
      /** The worker was not seen to be gone yet: both positions may have gone on since. */
      open: z.literal(true).optional(),
      /** The slot was given up: the stream cannot go on. */
      released: z.literal(true).optional(),
    })
    .optional(),
  /** Tables that were found different when every row was compared; there until all are equal. */
  differs: z.array(z.string()).optional(),
  /** The state of an altered publication under which every row was compared and equal; see publication-rows.ts. */
  published: z.string().optional(),
  /** Which alterations those were, each as a short digest; absent: none, or more than a mark should bear. */
  alterations: z.array(z.string()).optional(),
  /** Where its slot stood when every row was compared and equal: whatever moved the slot before took nothing. */
  compared: z.string().optional(),
  /** And who read it then, see model/slot-witness.ts: who was there before took nothing either. */
  reader: z.string().optional(),
  /** And the newest beat that the source had: whoever deleted it, or one before it, took nothing along; see history.ts. */
  beat: z.object({ id: z.string(), number: z.number() }).optional(),
  added: z.array(addedTableSchema).optional(),
  renamed: z.array(renamedColumnSchema).optional(),
  left: z.array(leftTableSchema).optional(),
});

const slotMoveSchema = z.object({
  at: z.string(),
  pid: z.number().nullable(),
  by: z.string().nullable(),
  from: z.string(),
  to: z.string().nullable(),
  copy: z.string().nullable().optional(),
  counted: z.object({ before: z.number(), now: z.number() }).optional(),
  cluster: z.object({ before: z.string(), now: z.string() }).optional(),
});

const alterationSchema = z.object({
  at: z.string(),
  pid: z.number(),
  subscription: z.string().nullable(),
  what: z.string(),
});

const heartbeatMarkSchema = z.object({
  kind: z.literal('heartbeat'),
  environment: z.string(),
  /** On the source: what its log told of the slot, as that is gone after some days; see resources/slot-moved.ts. */
  witness: z
    .object({
      /** It was looked at until this one read; see model/slot-witness.ts. */
      reader: z.string().nullable(),
      since: z.string().nullable(),
      until: z.string().nullable(),
      move: slotMoveSchema.nullable(),
      counted: z.object({ txns: z.number(), of: z.string() }).optional(),
      cluster: z.string().optional(),
    })
    .optional(),
  /** What the clone's log told of before its server began to count anew; see model/count-witness.ts. */
  counts: z
    .object({
      since: z.string(),
      at: z.string(),
      altered: alterationSchema.nullable(),
      worker: z.union([z.number(), z.literal('held')]).optional(),
    })
    .optional(),
});

const historyMarkSchema = z.object({
  kind: z.literal('history'),
  environment: z.string(),
  /** When it was made: what was before is not in it. */
  since: z.string(),
});

/** On the schema, the table and the event triggers by which DDL is written down; see resources/ddl. */
const ddlMarkSchema = z.object({ kind: z.literal('ddl'), environment: z.string() });

const markSchema = z.discriminatedUnion('kind', [
  roleMarkSchema,
  publicationMarkSchema,
  subscriptionMarkSchema,
  heartbeatMarkSchema,
  historyMarkSchema,
  ddlMarkSchema,
]);

export type PublicationMark = z.infer<typeof publicationMarkSchema>;
export type SubscriptionMark = z.infer<typeof subscriptionMarkSchema>;
export type HeartbeatMark = z.infer<typeof heartbeatMarkSchema>;
export type Mark = z.infer<typeof markSchema>;

export function formatMark(mark: Mark): string {
  return PREFIX + JSON.stringify(mark);
}

/** Of a stream the same comment is asked for again and again, and checking its form takes longer than reading it did. */
const parsed = new Map<string, Mark | null>();
/** Whoever looks for days meets many. */
const KEPT = 1_000;

/** The mark in a comment, or null when the object is not ours (or the comment was edited). */
export function parseMark(comment: string | null): Mark | null {
  if (comment === null || !comment.startsWith(PREFIX)) return null;
  const known = parsed.get(comment);
  if (known !== undefined) return known;
  if (parsed.size >= KEPT) parsed.clear();
  const mark = checked(comment);
  parsed.set(comment, mark);
  return mark;
}

function checked(comment: string): Mark | null {
  try {
    return markSchema.parse(JSON.parse(comment.slice(PREFIX.length)));
  } catch {
    return null;
  }
}

/** The mark of one kind and environment; null when it is another's. */
export function ownMark<K extends Mark['kind']>(
  comment: string | null,
  kind: K,
  environment: string,
): Extract<Mark, { kind: K }> | null {
  const mark = parseMark(comment);
  if (mark === null || mark.kind !== kind || mark.environment !== environment) return null;
  return mark as Extract<Mark, { kind: K }>;
}

/** What the comment of an object that is not ours says of whose it is. */
export function foreignMark(comment: string | null): string {
  const mark = parseMark(comment);
  return mark === null ? 'does not carry our mark' : `carries the mark of environment ${mark.environment}`;
}
