/** One statement of a file, where it stands, and what kind of thing it is. */
export interface Statement {
  readonly file: string;
  /** Of its first word, from 1 on. */
  readonly line: number;
  /** Without the semicolon, and without comments before it. */
  readonly text: string;
  readonly nature: Nature;
  /** As the parser names it: `AlterTableStmt`. */
  readonly node: string;
  /** Roles that it names, and does not make. */
  readonly roles: readonly string[];
}

/**
 * - `definition`: changes what is in the catalogs, and so has to come to the clone as well;
 * - `rows`: changes rows, which replication brings to the clone;
 * - `either`: only running it tells (DO, CALL, SELECT of a function);
 * - `upkeep`: changes how rows lie, and not what they are;
 * - `session`: is of the session alone, and is repeated before those that follow;
 * - `untried`: would leave the scratch databases, or ends what they are for.
 */
export type Nature = 'definition' | 'rows' | 'either' | 'upkeep' | 'session' | 'untried';

/** What is committed at once: a statement, or all between BEGIN and COMMIT. */
export interface Unit {
  readonly statements: readonly Statement[];
  /** It is a transaction of its own making: each statement of it has to be able to run in one. */
  readonly transaction: boolean;
}

export const placeOf = ({ file, line }: Statement): string => `${file}:${line}`;

/** One line of it, for people. */
export function shortText({ text }: Statement, width = 72): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
