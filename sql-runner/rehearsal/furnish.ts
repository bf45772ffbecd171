import type { Statement } from '../migration/statement';
import { displayQualified, type QualifiedName } from '../postgres/text/quoting';
import {
  loadSchema,
  makeRoles,
  statementsOfSchema,
  withoutEventTriggersOf,
  type LeftOut,
  type SchemaText,
} from './load-schema';
import { publish, type Published } from './publish';
import type { ScratchPair, ScratchSide } from './scratch-pair';
import { seedRows } from './seeds';
import { newWriter, type Writer } from './writer';

/** How the scratch databases were furnished: what is in them, and what is not. */
export interface Furnished {
  readonly writer: Writer;
  readonly published: readonly string[];
  /** Tables that were named, and could not be published. */
  readonly lacking: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly roles: readonly string[];
  /** Published tables that no row could be made up for, with what the server said last. */
  readonly unwritten: ReadonlyMap<string, string>;
}

export interface Furniture {
  readonly schemas: Readonly<Record<ScratchSide, SchemaText>>;
  /** What the publication names; null: all that can be published. */
  readonly tables: readonly QualifiedName[] | null;
  /** Schemas that the dump was made without. */
  readonly without?: readonly string[];
  /** Roles that the migration names and does not make. */
  readonly roles: readonly string[];
}

/** Both schemas, the publication, and the same few rows on both sides. */
export async function furnish(
  pair: ScratchPair,
  { schemas, tables, roles, without = [] }: Furniture,
): Promise<Furnished> {
  const writer = newWriter();
  const leftOut: LeftOut[] = [];
  const made = new Set<string>();
  let published: Published = { tables: [], lacking: [] };
  let unwritten: ReadonlyMap<string, string> = new Map();
  await pair.furnish(async (session, side) => {
    const statements = withoutEventTriggersOf(without, await statementsOfSchema(schemas[side]));
    const named = statements.flatMap((statement) => statement.roles).filter((role) => !makes(statements, role));
    for (const role of await makeRoles(session, [...named, ...roles])) made.add(role);
    leftOut.push(
      ...(await loadSchema(session, statements)).filter(({ place }) => !leftOut.some((one) => one.place === place)),
    );
    published = await publish(session, tables);
    writer.recipes.clear();
    unwritten = await seedRows(session, writer, side);
  });
  return {
    writer,
    published: published.tables.map(displayQualified),
    lacking: published.lacking.map(displayQualified),
    leftOut,
    roles: [...made],
    unwritten,
  };
}

const makes = (statements: readonly Statement[], role: string): boolean =>
  statements.some(({ node, text }) => node === 'CreateRoleStmt' && text.includes(role));
