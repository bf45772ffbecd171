import type { Finding } from '../model/change';
import type { DatabaseViews, ViewsWanted } from '../model/views';
import type { MaterializedView } from '../postgres/catalog/materialized-views';
import { displayQualified, quoteIdent } from '../postgres/text/quoting';
import { withRights } from './membership';
import { someOf } from './some-of';
import type { OrderedView } from './view-order';

/** Of one database, what was asked for and read. */
export interface ViewsJudged {
  readonly environment: string;
  readonly database: string;
  readonly cloneVersion: number;
  readonly read: DatabaseViews;
  readonly wanted: ViewsWanted;
  readonly ordered: readonly OrderedView[];
}

/** Whether a view is among what was asked for: by its name as it is written in SQL, or as it is. */
export const isNamed = ({ names }: ViewsWanted, view: MaterializedView): boolean =>
  names.length === 0 || [displayQualified(view), `${view.schema}.${view.name}`].some((name) => names.includes(name));

/** Holds no rows on either side, and nobody named it: so it was left on purpose. */
export const isLeftEmpty = ({ wanted, read }: Pick<ViewsJudged, 'wanted' | 'read'>, view: MaterializedView): boolean =>
  wanted.names.length === 0 &&
  !view.populated &&
  !read.populatedThere.some(({ schema, name }) => schema === view.schema && name === view.name);

export const isOurs = ({ mayRefresh, enters }: MaterializedView): boolean => mayRefresh && enters;

/** What is said of the views of a database beside those that are refreshed. */
export function viewFindings(of: ViewsJudged): Finding[] {
  const chosen = of.ordered.filter(({ view }) => isNamed(of.wanted, view));
  return [...notOurs(of, chosen), ...leftEmpty(of, chosen), ...unknownReads(of, chosen)];
}

const names = (all: readonly OrderedView[]): string => someOf(all.map(({ view }) => displayQualified(view)));

function notOurs(of: ViewsJudged, chosen: readonly OrderedView[]): Finding[] {
  const found = chosen.filter(({ view }) => !isOurs(view) && !isLeftEmpty(of, view));
  if (found.length === 0) return [];
  const login = quoteIdent(of.read.login);
  const roles = [...new Set(found.filter(({ view }) => !view.mayRefresh).map(({ view }) => view.role))];
  const schemas = [...new Set(found.filter(({ view }) => !view.enters).map(({ view }) => view.schema))];
  const grants = [
    ...roles.map((role) => `GRANT ${quoteIdent(role)} TO ${login}${withRights(of.cloneVersion)};`),
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteIdent(schema)} TO ${login};`),
  ];
  return [
    {
      code: 'VIEWS_NOT_OWNED',
      severity: 'block',
      standing: true,
      seen: `in database ${of.database} of the clone ${of.read.login} has not the rights to refresh ${found.length} materialized views: ${names(found)}`,
      why: 'only their owners refresh them, or who has their rights and may use the schema; these keep the rows that they have',
      next: `before sql-runner refresh ${of.environment} once more, as a role with ADMIN OPTION on the owner (up to PostgreSQL 15 with CREATEROLE) that owns the schema, in database ${of.database} on the clone: ${grants.join(' ')}`,
    },
  ];
}

function leftEmpty(of: ViewsJudged, chosen: readonly OrderedView[]): Finding[] {
  const found = chosen.filter(({ view }) => isLeftEmpty(of, view));
  if (found.length === 0) return [];
  return [
    {
      code: 'VIEWS_LEFT_EMPTY',
      severity: 'info',
      seen: `in database ${of.database} these materialized views were never refreshed on the clone, and hold no rows on the source: ${names(found)}`,
      why: 'who left them so may have had a reason; nobody can read them until they are refreshed',
      next: 'nothing, where nobody reads them; else name them: each one that is named is refreshed',
    },
  ];
}

function unknownReads(of: ViewsJudged, chosen: readonly OrderedView[]): Finding[] {
  const found = chosen.filter(({ unknown }) => unknown.length > 0);
  if (found.length === 0) return [];
  const called = [...new Set(found.flatMap(({ unknown }) => unknown))].sort();
  return [
    {
      code: 'VIEWS_CALL_FUNCTIONS',
      severity: 'info',
      seen: `in database ${of.database} materialized views call functions whose text alone tells what they read (${someOf(called)}): ${names(found)}`,
      why: 'where such a function reads another materialized view, that may be refreshed after the one that calls it; and it runs with the search_path pg_catalog, pg_temp, as from PostgreSQL 17 on in every refresh',
      next: 'where a function reads a materialized view, refresh that first by its name',
    },
  ];
}
