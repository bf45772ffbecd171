import { streamNames } from '../contract/naming';
import { sameSource } from '../environments/rules/between';
import type { DatabaseConfig, Environment } from '../environments/schema';
import { parseTableName } from '../environments/table-name';
import type { Link, Selection } from '../contract/contract';

type NamedTable = Extract<Selection, { kind: 'tables' }>['tables'][number];

/** The links of an environment: one for each database, with one stream over all that was selected there. */
export function linksOf(environment: Environment): Link[] {
  return environment.databases.map((database) => ({
    database: database.name,
    streams: [{ ...streamNames(environment.name, database.name), selection: selectionOf(database) }],
    ...ddlOf(database.ddl ?? environment.ddl ?? 'off'),
  }));
}

const ddlOf = (ddl: NonNullable<Environment['ddl']>): Pick<Link, 'ddl'> => (ddl === 'off' ? {} : { ddl });

export function countStreams(links: readonly Link[]): number {
  return links.reduce((count, link) => count + link.streams.length, 0);
}

/** Of each other environment on the same production cluster, the number of its streams. */
export function streamsBeside(environment: Environment, environments: readonly Environment[]): number[] {
  return environments
    .filter((other) => other.name !== environment.name && sameSource(environment, other))
    .map((other) => countStreams(linksOf(other)));
}

function selectionOf({ tables, schemas, exclude }: DatabaseConfig): Selection {
  const left = exclude === undefined ? {} : { exclude };
  if (schemas !== undefined) return { kind: 'schemas', schemas, ...left };
  if (tables === undefined || tables === 'all') return { kind: 'all', ...left };
  return { kind: 'tables', tables: tables.flatMap(namedBy), ...left };
}

function namedBy(entry: Exclude<DatabaseConfig['tables'], 'all' | undefined>[number]): NamedTable[] {
  const { table, ...part } = typeof entry === 'string' ? { table: entry } : entry;
  const named = parseTableName(table);
  return named === undefined ? [] : [{ ...named, ...part }];
}
