import { isEnvironmentName } from '../../contract/naming';
import { isName, isRoleName, isSlotName, RESERVED_DATABASES } from '../../contract/postgres-names';
import type { DocumentPath, Problem } from '../../errors/problem';
import { pathText } from '../../errors/setting-problems';
import type { Link, Selection, SourceContract, Stream, TargetContract } from '../../contract/contract';

/**
 * The names in a contract, judged as the loader judges those of an environment
 * file: a contract may be written by hand. PostgreSQL cuts a name that is too
 * long without a word, and the next run then takes our own object for somebody
 * else's.
 */
export function wrongNames(contract: SourceContract | TargetContract): Problem[] {
  const environment = environmentProblem(contract.environment);
  if (contract.side === 'target') return environment;
  const { replication, links } = contract;
  return [...environment, ...roleProblem(replication.role), ...links.flatMap((link, index) => linkNames(link, index))];
}

function linkNames({ database, streams }: Link, index: number): Problem[] {
  const path: DocumentPath = ['links', index];
  return [
    ...databaseProblem([...path, 'database'], database),
    ...streams.flatMap((stream, number) => streamNames(stream, [...path, 'streams', number])),
  ];
}

function streamNames({ slot, publication, subscription, selection }: Stream, path: DocumentPath): Problem[] {
  return [
    ...nameProblem([...path, 'publication'], publication),
    ...slotProblem([...path, 'slot'], slot),
    ...nameProblem([...path, 'subscription'], subscription),
    ...selectionNames(selection, [...path, 'selection']),
  ];
}

function selectionNames(selection: Selection, path: DocumentPath): Problem[] {
  if (selection.kind === 'all') return [];
  if (selection.kind === 'schemas')
    return selection.schemas.flatMap((schema, index) => nameProblem([...path, 'schemas', index], schema));
  return selection.tables.flatMap(({ schema, name, columns = [] }, index) => [
    ...nameProblem([...path, 'tables', index, 'schema'], schema),
    ...nameProblem([...path, 'tables', index, 'name'], name),
    ...columns.flatMap((column, at) => nameProblem([...path, 'tables', index, 'columns', at], column)),
  ]);
}

function nameProblem(path: DocumentPath, value: string): Problem[] {
  if (isName(value)) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path,
      seen: `${pathText(path)} is ${JSON.stringify(value)}: ${Buffer.byteLength(value)} bytes`,
      why: 'PostgreSQL takes no empty name, and silently cuts one of more than 63 bytes off, which then names something else',
      next: 'give it a name of 1 to 63 bytes, as the catalog holds it',
    },
  ];
}

function slotProblem(path: DocumentPath, value: string): Problem[] {
  if (isSlotName(value)) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path,
      seen: `${pathText(path)} is ${JSON.stringify(value)}, which is not a name for a slot`,
      why: 'PostgreSQL takes only lower case letters, digits and _ for it, 1 to 63 of them; none means no slot, and pg_ begins the names of its own',
      next: 'give the slot such a name, as in acas_dev_shop',
    },
  ];
}

function roleProblem(value: string): Problem[] {
  if (isRoleName(value)) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path: ['replication', 'role'],
      seen: `replication.role is ${JSON.stringify(value)}, which is not a name for the replication role`,
      why: 'PostgreSQL reserves public, none and names that start with pg_, RDS those that start with rds, and longer ones than 63 bytes are cut off',
      next: 'name a role of 1 to 63 lower case letters, digits and underscores, as in acas_dev',
    },
  ];
}

function databaseProblem(path: DocumentPath, value: string): Problem[] {
  if (!RESERVED_DATABASES.includes(value)) return nameProblem(path, value);
  return [
    {
      code: 'CONTRACT_INVALID',
      path,
      seen: `${pathText(path)} is ${JSON.stringify(value)}, a database of PostgreSQL or RDS itself`,
      why: 'it holds no data of yours and does not accept a publication',
      next: 'take the link out of the list',
    },
  ];
}

function environmentProblem(value: string): Problem[] {
  if (isEnvironmentName(value)) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path: ['environment'],
      seen: `environment is ${JSON.stringify(value)}, which is not a name for an environment`,
      why: 'it is in the marks by which sql-runner knows its own objects, and in commands that it prints',
      next: 'name it with at most 30 lower case letters, digits and single hyphens, starting with a letter',
    },
  ];
}
