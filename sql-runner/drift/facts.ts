import type { FunctionDefinition } from '../postgres/catalog/schema-functions';
import type {
  CollationDefinition,
  ExtensionDefinition,
  SchemaDefinition,
  TypePart,
} from '../postgres/catalog/schema-objects';
import type { SchemaRelation, TableParts } from '../postgres/catalog/schema-relations';
import type { DatabaseForm, RoleDefinition } from '../postgres/catalog/schema-server';
import type { ViewDefinition } from '../postgres/catalog/schema-views';
import type { TableDefinition } from '../postgres/catalog/table-definitions';
import type { TableShape } from '../postgres/catalog/table-shapes';
import type { UserType } from '../postgres/catalog/user-types';
import type { QualifiedName } from '../postgres/text/quoting';

/** A table with all that was read of it. */
export interface TableFacts {
  readonly relation: SchemaRelation;
  /** Null: it was not opened, as somebody keeps readers out of it. */
  readonly opened: OpenedTable | null;
  /** What it is a partition of. */
  readonly parent: QualifiedName | null;
  readonly bound: string | null;
  readonly inherits: readonly QualifiedName[];
  /** Types of users that its columns have, by oid. */
  readonly types: readonly number[];
}

export interface OpenedTable {
  readonly shape: TableShape;
  readonly defined: TableDefinition;
  readonly parts: TableParts;
}

export interface ViewFacts {
  readonly relation: SchemaRelation;
  /** Null: it was not opened. */
  readonly view: ViewDefinition | null;
}

export interface TypeFacts extends UserType {
  readonly part: TypePart;
}

/** All that is compared of a database on one side. */
export interface DatabaseFacts {
  readonly form: DatabaseForm;
  readonly schemas: readonly SchemaDefinition[];
  readonly extensions: readonly ExtensionDefinition[];
  readonly collations: readonly CollationDefinition[];
  readonly types: readonly TypeFacts[];
  /** Null: they were not read. */
  readonly functions: readonly FunctionDefinition[] | null;
  readonly tables: readonly TableFacts[];
  readonly views: readonly ViewFacts[];
  readonly roles: readonly RoleDefinition[];
}

/** A database on both sides, and which of its tables streams of ours carry. */
export interface BothSides {
  readonly database: string;
  readonly source: DatabaseFacts;
  readonly clone: DatabaseFacts;
  readonly isReplicated: (table: QualifiedName) => boolean;
}
