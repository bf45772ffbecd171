import { withRights } from './membership';
import type { Finding } from '../model/change';
import type { Sequence } from '../postgres/catalog/sequences';
import { displayQualified, quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { SequencesJudged } from './sequences-judged';
import { someOf } from './some-of';

/** Sequences that could not be read, or that the login may not alter. */
export function sequencesHindered(of: SequencesJudged): Finding[] {
  return [...unread(of, 'source'), ...unread(of, 'target'), ...notAlterable(of)];
}

const TO_BLAME = 'of these nothing can be promised: the clone may hand out values that the source has handed out';

function unread(of: SequencesJudged, side: 'source' | 'target'): Finding[] {
  const found = of.judged.flatMap(({ pair, verdict: { standing } }) =>
    standing.kind === 'hindered' && standing.by.kind === 'unread' && standing.by.side === side
      ? [side === 'source' ? pair.source : pair.clone]
      : [],
  );
  const [refused, passing] = [found.filter(isRefused), found.filter((one) => !isRefused(one))];
  return [...notReadable(of, side, refused), ...locked(of, side, passing)];
}

function notReadable(of: SequencesJudged, side: 'source' | 'target', found: readonly Sequence[]): Finding[] {
  if (found.length === 0) return [];
  const login = side === 'source' ? of.sourceLogin : of.read.login;
  const where = side === 'source' ? 'source' : 'clone';
  return [
    {
      code: 'SEQUENCES_UNREAD',
      severity: 'block',
      standing: true,
      seen: `in database ${of.database} on the ${where} ${login} may not read where ${found.length} sequences stand: ${someOf(found.map(displayQualified))}`,
      why: TO_BLAME,
      next: `before sql-runner sequences ${of.environment} once more, as their owner, in database ${of.database} on the ${where}: ${grants(found, login).join(' ')}`,
    },
  ];
}

function locked(of: SequencesJudged, side: 'source' | 'target', found: readonly Sequence[]): Finding[] {
  if (found.length === 0) return [];
  return [
    {
      code: 'SEQUENCES_UNREAD',
      severity: 'block',
      standing: true,
      seen: `in database ${of.database} on the ${side === 'source' ? 'source' : 'clone'} somebody has locked or changes ${found.length} sequences, and it was not read where they stand: ${someOf(found.map(displayQualified))}`,
      why: TO_BLAME,
      next: 'run the command again once that has ended',
    },
  ];
}

const isRefused = ({ position }: Sequence): boolean => position === 'right' || position === 'schema';

function grants(all: readonly Sequence[], login: string): string[] {
  const schemas = [...new Set(all.filter(({ position }) => position === 'schema').map(({ schema }) => schema))];
  const list = all.map(quoteQualified).join(', ');
  return [
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteIdent(schema)} TO ${quoteIdent(login)};`),
    `GRANT SELECT ON SEQUENCE ${list} TO ${quoteIdent(login)};`,
  ];
}

function notAlterable({ environment, database, judged, read, cloneVersion }: SequencesJudged): Finding[] {
  const found = judged.flatMap(({ pair, verdict: { standing } }) =>
    standing.kind === 'hindered' && standing.by.kind === 'rights' ? [pair.clone] : [],
  );
  if (found.length === 0) return [];
  const roles = [...new Set(found.map(({ role }) => role))];
  const memberships = roles.map(
    (role) => `GRANT ${quoteIdent(role)} TO ${quoteIdent(read.login)}${withRights(cloneVersion)};`,
  );
  return [
    {
      code: 'SEQUENCES_NOT_OWNED',
      severity: 'block',
      standing: true,
      seen: `in database ${database} of the clone ${read.login} has not the rights of the owner of ${found.length} sequences that are to be set: ${someOf(found.map(displayQualified))}`,
      why: `only an owner keeps others from taking values while one is set; ${TO_BLAME}`,
      next: `before sql-runner sequences ${environment} once more, as a role with ADMIN OPTION on it (up to PostgreSQL 15 with CREATEROLE), in database ${database} on the clone: ${memberships.join(' ')}`,
    },
  ];
}
