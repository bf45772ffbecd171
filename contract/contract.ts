import { z } from 'zod';
import { productionSchema } from './production';
import { isRowFilter } from './row-filter';
import { parseTablePattern } from './table-pattern';

/**
 * The contract: what each stack publishes in its Terraform output `contract`
 * and all that sql-runner ever reads of an environment. It imports no cdktf, so
 * that both sides of the product can share it.
 */
export const CONTRACT_VERSION = 1;

/** Name of the Terraform output that carries the contract in both stacks. */
export const CONTRACT_OUTPUT = 'contract';

/** Of production, and of its clone. */
export type Side = 'source' | 'target';

/** What is left out of it, as table-pattern.ts reads it. Absent: nothing. */
const exclude = z
  .array(
    z
      .string()
      .refine((text) => parseTablePattern(text) !== undefined, 'is no table, or pattern of tables, as schema.table'),
  )
  .optional();

/** Which tables of a database a stream replicates. */
const selectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all'), exclude }),
  z.object({ kind: z.literal('schemas'), schemas: z.array(z.string()).min(1), exclude }),
  z.object({
    kind: z.literal('tables'),
    /** Unquoted names exactly as the catalog holds them. */
    tables: z
      .array(
        z.object({
          schema: z.string(),
          name: z.string(),
          /** Its part of the publication: only these rows, only these columns. Absent: all. */
          where: z.string().refine(isRowFilter, 'is no condition that is one expression').optional(),
          columns: z.array(z.string()).min(1).optional(),
        }),
      )
      .min(1),
    exclude,
  }),
]);

/** One publication, slot and subscription over a disjoint set of tables. */
const streamSchema = z.object({
  publication: z.string(),
  slot: z.string(),
  subscription: z.string(),
  selection: selectionSchema,
});

/** What becomes of DDL of the source: it is carried out on the clone, or written down alone. */
export const FOLLOWING_DDL = ['apply', 'record'] as const;

/** The replication of one database. */
const linkSchema = z.object({
  database: z.string(),
  streams: z.array(streamSchema).min(1),
  /** Absent: nobody looks at DDL. */
  ddl: z.enum(FOLLOWING_DDL).optional(),
});

const accountSchema = z.object({
  accountId: z.string(),
  /** Role that sql-runner assumes in this account; null: use the ambient credentials. */
  roleArn: z.string().nullable(),
  /** What the role's trust policy asks for. Absent: nothing. */
  externalId: z.string().optional(),
  /** Role of Terraform, which makes the clone; null: its ambient credentials. Absent: the same as roleArn. */
  terraformRoleArn: z.string().nullable().optional(),
});

const clusterSchema = z.object({
  identifier: z.string(),
  arn: z.string(),
  endpoint: z.string(),
  port: z.number().int(),
  engineVersion: z.string(),
  /** Secrets Manager secret with `username` and `password` of the master user. */
  adminSecretArn: z.string(),
});

const headerSchema = z.object({
  version: z.literal(CONTRACT_VERSION),
  environment: z.string(),
  region: z.string(),
});

export const sourceContractSchema = headerSchema.extend({
  side: z.literal('source'),
  account: accountSchema,
  /** Known before the target stack exists, because the clone ticket is written there. */
  targetAccount: accountSchema,
  cluster: clusterSchema,
  /** The source stack has the cluster in its state, so that it is not destroyed with the rest. Absent: it only reads it. */
  owned: z.boolean().optional(),
  parameterGroup: z.object({
    /** The group the source stack made. */
    name: z.string(),
    /** The group the cluster had before; teardown puts it back. */
    previous: z.string(),
    /** The cluster was made with the group, and has had no other: teardown leaves it attached. Absent: no. */
    stays: z.boolean().optional(),
    /** Values the group sets: parameter name to value. */
    parameters: z.record(z.string(), z.string()),
  }),
  replication: z.object({
    role: z.string(),
    /** Secret in the source account; made empty by Terraform, filled by sql-runner. */
    secretArn: z.string(),
    /** CA file as the clone's server sees it, for the subscription's conninfo. */
    sslRootCert: z.string(),
  }),
  /** SSM parameter in the target account that holds the clone ticket. */
  ticketParameter: z.string(),
  /** Terraform's names of the two stacks, used in hints and by `rollout`. */
  stacks: z.object({ source: z.string(), target: z.string() }),
  links: z.array(linkSchema).min(1),
  /** Codes of capacity findings that the operator accepts; absent in contracts of before. */
  acknowledge: z.array(z.string()).default([]),
  /** Roles and grants of the source are carried out on the clone. Absent: nobody follows them. */
  roles: z
    .object({
      /** Roles that are the clone's own affair, whatever the source has; `public` is PUBLIC. */
      own: z.array(z.string()),
    })
    .optional(),
  /** What a clone that does not follow may cost production; null: nobody has said. */
  budget: z
    .object({
      /** Of WAL, for a stream; null: no limit. */
      bytes: z.number().positive().nullable(),
      /** For which a stream may be behind, or its slot without a reader; null: no limit. */
      hours: z.number().positive().nullable(),
      /** What happens then: it is said, or the slot is dropped. */
      onBudget: z.enum(['alarm', 'release']),
    })
    .nullable()
    .default(null),
  /** What surrounds the cluster; null in contracts of before, and nothing is looked at then. */
  production: productionSchema.nullable().default(null),
});

export const targetContractSchema = headerSchema.extend({
  side: z.literal('target'),
  account: accountSchema,
  cluster: clusterSchema,
  /** Nonce of the ticket that the clone was made under. */
  ticketNonce: z.string(),
  /** sql-runner makes the databases of the clone read-only for everybody but replication. */
  readOnly: z.boolean().default(false),
});

export type SourceContract = z.infer<typeof sourceContractSchema>;
export type TargetContract = z.infer<typeof targetContractSchema>;
/** As the stacks publish it. */
export type PublishedContract = z.input<typeof sourceContractSchema> | z.input<typeof targetContractSchema>;
export type Budget = NonNullable<SourceContract['budget']>;
export type Link = z.infer<typeof linkSchema>;
export type Stream = z.infer<typeof streamSchema>;
export type Selection = z.infer<typeof selectionSchema>;
export type ClusterContract = z.infer<typeof clusterSchema>;
export type AccountContract = z.infer<typeof accountSchema>;

/** The JSON document in the ticket's SSM parameter. */
export const cloneTicketSchema = z.object({
  version: z.literal(1),
  environment: z.string(),
  /** Random; also in the comment of every publication. */
  nonce: z.string().min(16),
  issuedAt: z.string(),
});
export type CloneTicket = z.infer<typeof cloneTicketSchema>;

/** What both stacks of an environment say. */
export interface Contracts {
  readonly source: SourceContract;
  /** Null: the target stack is not deployed. */
  readonly target: TargetContract | null;
}
