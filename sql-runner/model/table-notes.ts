import { z } from 'zod';

/** What the mark of a subscription has of tables that came into its stream, or left it, since the clone was taken. */

/** A table that was added to the stream since the clone was taken; see added-tables.ts. */
export const addedTableSchema = z.object({
  /** On the source. */
  oid: z.number(),
  /** As both sides called it then. */
  schema: z.string(),
  name: z.string(),
  /** A partition: published with the partitioned table above it, and never by its own name. */
  partition: z.literal(true).optional(),
  /** Partitioned itself: it has no row of its own, and the subscription never takes it; of its partitions each has a note. */
  parted: z.literal(true).optional(),
  /** What the replication role was, or is to be, given for the copy; there until it has been taken back. */
  granted: z.object({ usage: z.boolean(), select: z.boolean() }).optional(),
  /** It was there with rows, and is copied anew: still to be emptied on the clone, or empty since. Absent once compared. */
  again: z.enum(['leaving', 'emptied']).optional(),
  /** How the source had it when its rows had been compared and were equal; absent: it is not that far. */
  compared: z
    .object({
      /** Its row in pg_publication_rel, as PublicationRows has it, empty of a partition; the others as PublishedRows has them. */
      row: z.string(),
      joined: z.string().optional(),
      stored: z.string(),
      touched: z.string(),
      names: z.string(),
      order: z.string(),
      given: z.array(z.string()),
      known: z.string().nullable(),
      housed: z.string().nullable(),
    })
    .optional(),
});

/** A table of which a stream carries a part, as the environment said; see table-parts.ts. */
export const tablePartSchema = z.object({
  /** On both sides; absent: of a table that was made up. */
  oid: z.number().optional(),
  schema: z.string(),
  name: z.string(),
  where: z.string().optional(),
  columns: z.array(z.string()).optional(),
});

/**
 * A table that its stream does not follow any more, or is not to follow. It says so only for as long as the publication
 * does not send it: a run may have died between the note and that.
 */
export const leftTableSchema = z.object({
  /** On the source. */
  oid: z.number(),
  /** As both sides called it then. */
  schema: z.string(),
  name: z.string(),
  /** ISO 8601: the clone has its rows as of then, or a little later; of a dropped one: when that was noticed. */
  at: z.string(),
  dropped: z.literal(true).optional(),
});

/** A column of the clone that we gave another name: its row in pg_attribute looks as one that the clone has made since. */
export const renamedColumnSchema = z.object({
  /** Of its table, the same on both sides. */
  oid: z.number(),
  number: z.number(),
  /** Which transaction has written that row. */
  xmin: z.string(),
});

export type AddedTable = z.infer<typeof addedTableSchema>;
export type RenamedColumnNote = z.infer<typeof renamedColumnSchema>;
export type LeftTable = z.infer<typeof leftTableSchema>;
export type TablePart = z.infer<typeof tablePartSchema>;
