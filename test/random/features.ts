import type { Identity } from './table';

/** What has a name that the generator makes up. */
const NAMED = ['database', 'schema', 'table', 'column', 'role', 'publication', 'subscription'] as const;
export type Named = (typeof NAMED)[number];

export const TRAITS = ['63 bytes', 'double quote', 'not ASCII', 'like an injection'] as const;
export type Trait = (typeof TRAITS)[number];

export const IDENTITIES: readonly Identity[] = ['primary key', 'index', 'full', 'full without key'];
const CHANGES = ['UPDATE', 'UPDATE of the key', 'DELETE'] as const;

const SINGLE = [
  'password made by sql-runner',
  'password of the operator, with quotes and backslashes',
  'selection of all tables',
  'selection of schemas',
  'selection of tables',
  'text key changed',
  'composite key changed',
  'row in a second-level partition',
  'row moved between partitions',
  'TRUNCATE',
  'TRUNCATE CASCADE through a foreign key',
  'TRUNCATE of a partitioned table',
  'transaction rolled back',
  'savepoint released',
  'savepoint rolled back',
  'savepoint in a savepoint',
  'PREPARE TRANSACTION, then COMMIT PREPARED',
  'PREPARE TRANSACTION, then ROLLBACK PREPARED',
  'large transaction streamed before its commit',
  'large transaction streamed, parallel apply',
  'large transaction spilled to disk',
  'prepared across the clone, then committed',
  'prepared across the clone, then rolled back',
  'prepared across the clone, then committed before the clone was connected',
  'prepared across the clone by another role',
  'open across the clone, then committed',
  'TOASTed value left unchanged',
  'NaN',
  'infinity',
  'empty string',
  'NULL',
  'domain',
  'enum',
  'range',
  'multirange',
  'array',
  'composite',
  'array of composites',
  'generated column',
  'identity column',
  'DDL beside the replicated tables',
] as const;

/** Something that a workload must contain; see coverage.ts for when it counts. */
export type Feature =
  `${Named} name: ${Trait}` | `replica identity ${Identity}: ${(typeof CHANGES)[number]}` | (typeof SINGLE)[number];

export const FEATURES: readonly Feature[] = [
  ...NAMED.flatMap((kind) => TRAITS.map((trait): Feature => `${kind} name: ${trait}`)),
  ...IDENTITIES.flatMap((identity) => CHANGES.map((change): Feature => `replica identity ${identity}: ${change}`)),
  ...SINGLE,
];
