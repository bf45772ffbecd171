import type { DocumentPath, Problem } from '../../errors/problem';
import { pathText } from '../../errors/setting-problems';
import type { Link, Selection, SourceContract } from '../../contract/contract';

interface Use {
  readonly path: DocumentPath;
  readonly value: string;
}

/** What only one link or stream of a contract can have: a database, the names of its objects, and its tables. */
export function usedTwice({ links }: SourceContract): Problem[] {
  const databases = links.map(({ database }, index): Use => ({ path: ['links', index, 'database'], value: database }));
  return [
    ...repeated(databases).flatMap(databaseTwice),
    ...(['publication', 'slot', 'subscription'] as const).flatMap((kind) =>
      repeated(namesOf(links, kind)).flatMap((pair) => nameTwice(kind, pair)),
    ),
    ...links.flatMap((link, index) => tablesTwice(link, index)),
  ];
}

function namesOf(links: readonly Link[], kind: 'publication' | 'slot' | 'subscription'): Use[] {
  return links.flatMap(({ streams }, index) =>
    streams.map((stream, number): Use => ({ path: ['links', index, 'streams', number, kind], value: stream[kind] })),
  );
}

/** Each use of a value that is not its first one, with the first. */
function repeated(uses: readonly Use[]): { use: Use; first: Use }[] {
  const firsts = new Map<string, Use>();
  return uses.flatMap((use) => {
    const first = firsts.get(use.value);
    if (first !== undefined) return [{ use, first }];
    firsts.set(use.value, use);
    return [];
  });
}

function databaseTwice({ use, first }: { use: Use; first: Use }): Problem[] {
  return [
    {
      code: 'CONTRACT_INVALID',
      path: use.path,
      seen: `${pathText(use.path)} is ${JSON.stringify(use.value)}, as ${pathText(first.path)} is`,
      why: 'a database has one link, by which its state is read and planned',
      next: 'put the streams of both links into one',
    },
  ];
}

function nameTwice(kind: string, { use, first }: { use: Use; first: Use }): Problem[] {
  return [
    {
      code: 'CONTRACT_INVALID',
      path: use.path,
      seen: `${pathText(use.path)} is ${JSON.stringify(use.value)}, as ${pathText(first.path)} is`,
      why: `each stream has a ${kind} of its own; with one for two, the second stops half-way, or takes the changes of the first`,
      next: `give each stream a ${kind} of its own`,
    },
  ];
}

/**
 * The tables of the streams of one database are apart: a row that two streams
 * carry is applied twice. The wider selection of two counts as the first.
 */
function tablesTwice({ streams }: Link, index: number): Problem[] {
  const claims = streams
    .flatMap(({ selection }, number) => claimsOf(selection, ['links', index, 'streams', number, 'selection']))
    .sort((one, other) => one.names.length - other.names.length);
  const firsts = new Map<string, DocumentPath>();
  return claims.flatMap(({ names, path }): Problem[] => {
    const wider = names.map((_, length) => names.slice(0, length));
    const first = [...wider, names]
      .map((part) => firsts.get(JSON.stringify(part)))
      .find((found) => found !== undefined);
    if (first === undefined) {
      firsts.set(JSON.stringify(names), path);
      return [];
    }
    return [
      {
        code: 'CONTRACT_INVALID',
        path,
        seen: `${pathText(path)} selects tables that ${pathText(first)} selects`,
        why: 'each table belongs to one stream, once; its changes would be applied twice',
        next: 'take them out of one of the two',
      },
    ];
  });
}

interface Claim {
  /** All tables: no names. Those of a schema: its name. One table: both names. */
  readonly names: readonly string[];
  readonly path: DocumentPath;
}

function claimsOf(selection: Selection, path: DocumentPath): Claim[] {
  if (selection.kind === 'all') return [{ names: [], path }];
  if (selection.kind === 'schemas')
    return selection.schemas.map((schema, index) => ({ names: [schema], path: [...path, 'schemas', index] }));
  return selection.tables.map(({ schema, name }, index) => ({
    names: [schema, name],
    path: [...path, 'tables', index],
  }));
}
