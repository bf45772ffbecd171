import { parse } from '../migration/split';
import { placeOf, type Statement } from '../migration/statement';
import { quoteIdent } from '../postgres/text/quoting';
import { refusedBy, type ScratchSession } from '../postgres/scratch-session';

/** A schema as pg_dump writes it, and what it is called where something of it is told. */
export interface SchemaText {
  readonly name: string;
  readonly sql: string;
}

/** What of a schema a local server does not take. */
export interface LeftOut {
  readonly place: string;
  readonly said: string;
  readonly statement: string;
}

/** Lines that psql alone reads: newer releases of pg_dump begin and end with them. */
const OF_PSQL = /^\\(un)?restrict\b.*$/gm;

/** The statements of a schema; what a subscription or publication of it would do is not wanted here. */
export async function statementsOfSchema({ name, sql }: SchemaText): Promise<readonly Statement[]> {
  const statements = await parse(name, sql.replace(OF_PSQL, ''));
  return statements.filter(
    ({ node, text }) => !LEFT_ALONE.includes(node) && !/\b(SUBSCRIPTION|PUBLICATION)\b/.test(firstWords(text)),
  );
}

/** Event triggers are in no schema: those whose functions are in one that was left out could only be refused. */
export function withoutEventTriggersOf(
  schemas: readonly string[],
  statements: readonly Statement[],
): readonly Statement[] {
  // As pg_dump writes them, but for names that are words of SQL.
  const functions = schemas.map((schema) => (/^[a-z_][a-z0-9_]*$/.test(schema) ? schema : quoteIdent(schema)));
  const ours = statements.flatMap(({ node, text }) => {
    const [, name, rest] = /^CREATE EVENT TRIGGER ("(?:[^"]|"")+"|\S+)(.*)$/s.exec(text) ?? [];
    return node === 'CreateEventTrigStmt' && functions.some((one) => rest!.includes(`EXECUTE FUNCTION ${one}.`))
      ? [name!]
      : [];
  });
  const about = (text: string) => ours.some((name) => /\bEVENT TRIGGER $/.test(text.split(name)[0]!));
  return statements.filter(({ text }) => !about(text));
}

const firstWords = (text: string): string => text.split(/\s+/).slice(0, 4).join(' ');

const LEFT_ALONE = [
  'CreatePublicationStmt',
  'AlterPublicationStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'TransactionStmt',
];

/** Runs a schema statement by statement: what this server has not, such as an extension of a service, is left out and told. */
export async function loadSchema(
  session: ScratchSession,
  statements: readonly Statement[],
): Promise<readonly LeftOut[]> {
  let left = statements;
  let refused: LeftOut[] = [];
  // An object may stand before what it needs where somebody wrote the file by hand: as long as any gets in, try again.
  for (;;) {
    refused = [];
    const again: Statement[] = [];
    for (const statement of left) {
      try {
        await session.execute(statement.text);
      } catch (error) {
        again.push(statement);
        refused.push({ place: placeOf(statement), said: refusedBy(error).message, statement: statement.text });
      }
    }
    if (again.length === 0 || again.length === left.length) break;
    left = again.filter(({ nature }) => nature !== 'session');
  }
  await session.query('RESET ALL');
  return refused.filter(({ said }) => !/^schema "public" already exists/.test(said));
}

/** Roles are of the server, and no dump of a database has them. @returns those that were made up */
export async function makeRoles(session: ScratchSession, roles: readonly string[]): Promise<readonly string[]> {
  const there = await session.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles');
  const names = new Set(there.map(({ name }) => name));
  const lacking = [...new Set(roles)].filter((role) => !names.has(role) && !role.startsWith('pg_'));
  for (const role of lacking) await session.query(`CREATE ROLE ${quoteIdent(role)}`);
  return lacking;
}
