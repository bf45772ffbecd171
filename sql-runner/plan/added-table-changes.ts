import type { SourceContract } from '../../contract/contract';
import { changeOf, sqlChange, type Change } from '../model/change';
import type { AddingTo } from '../model/table-operations';
import type { AddedTable } from '../model/table-notes';
import { isParted, type NewTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { takenBack } from '../resources/added-table/taken-back';
import { withReferences } from '../resources/added-table/in-order';
import { tableStatements } from '../resources/added-table/table-statements';
import type { ComingPartitions } from './new-partitions';
import { mayCopy, partitionGuard, sameTableGuard } from './added-table-guards';
import { publish } from './publish-table';
import { attaching, attachLater, lookedUpAnew } from './new-partition-changes';
import { SENDER_SEES_ATTACH } from './sender-sees-attach';

/** Only what is on its way, or can be added, and in the order that makes it safe. */
export interface Adding {
  /** Not published yet. */
  readonly coming: readonly NewTableFacts[];
  /** Of these, by oid, what is there with rows and is taken out and emptied before. */
  readonly anew: ReadonlySet<number>;
  /** Published, and not compared. */
  readonly arriving: readonly AddedTable[];
  /** Compared: the role has rights that it needs no more. */
  readonly arrived: readonly AddedTable[];
  /** Gone from the source, or from the selection before it was published. */
  readonly forgotten: readonly AddedTable[];
  /** New ones of tables that are followed, published already, and of those that are coming, published with these. */
  readonly partitions: Pick<ComingPartitions, 'making' | 'placing' | 'copying'>;
  /** Of each partitioned table that is coming all that is below, by its oid: published with it, and nothing else. */
  readonly below: ReadonlyMap<number, readonly number[]>;
  /** Of the source, as `server_version_num`. */
  readonly version: number;
}

/** In the order that makes it safe; each looks at what is there, so that a run that was killed is carried on. */
export function changesOf(
  contract: SourceContract,
  of: StreamFacts,
  { coming, anew, arriving, arrived, forgotten, partitions, below, version }: Adding,
  facts: readonly NewTableFacts[],
): Change[] {
  const stream = addingTo(contract, of);
  const noted = coming.map((table) => noteOf(of, table, anew));
  const parts = partitions.making.map((table) => noteOf(of, table, anew));
  const onTheirWay = partitions.copying.filter(({ oid }) => parts.every((one) => one.oid !== oid));
  const all = [...parts, ...onTheirWay, ...noted, ...arriving];
  const unseen = all.filter(({ oid }) => version < SENDER_SEES_ATTACH && of.partitions.has(oid));
  const rightsOf = ({ oid }: AddedTable) => facts.find((one) => one.oid === oid)?.rights ?? null;
  const lacking = all.flatMap((table) => {
    const rights = table.parted === true ? null : rightsOf(table);
    return rights === null || (rights.usage && rights.select) ? [] : [{ table, rights }];
  });
  const granted = all.flatMap((one) => {
    const now = lacking.find(({ table }) => table === one)?.rights;
    const given = one.granted ?? (now === undefined ? undefined : { usage: !now.usage, select: !now.select });
    return given === undefined ? [] : [{ ...one, granted: given }];
  });
  const settled = [...granted, ...arrived, ...forgotten];
  return [
    ...coming.filter(({ oid }) => anew.has(oid)).map((table) => renew(of, stream, table)),
    ...coming.map((table, index) => makeTable(of, stream, table, noted[index]!)),
    ...withReferences(partitions.making, coming).map((table, index) => makeTable(of, stream, table, parts[index]!)),
    ...partitions.placing.map((table) => attachLater(of, stream, table)),
    ...lacking.map(({ table, rights }) => give(stream, table, grant(of, stream, table, rights))),
    ...coming.map((table) => publish(contract, of, table, below.get(table.oid) ?? null)),
    ...unseen.map((table) => lookedUpAnew(of, table)),
    ...(all.length === 0 ? [] : [copy(of, stream, all)]),
    ...(settled.length === 0 ? [] : [settle(of, stream, settled, forgotten)]),
  ];
}

export function addingTo(contract: SourceContract, of: StreamFacts): AddingTo {
  const { subscription, publication, slot } = of.stream;
  const { environment, replication } = contract;
  return { place: of.subscriber, environment, role: replication.role, subscription, publication, slot };
}

const named = ({ oid, schema, name, partition, parted }: AddedTable): AddedTable => ({
  oid,
  schema,
  name,
  ...(partition === undefined ? {} : { partition }),
  ...(parted === undefined ? {} : { parted }),
});

/** What a run of before has noted of the rights that it gave stays: they may be there by now. */
function noteOf(of: StreamFacts, facts: NewTableFacts, anew: ReadonlySet<number>): AddedTable {
  const { oid, schema, name, rights, partition } = facts;
  const noted = of.subscriptionMark!.added?.find((one) => one.oid === oid);
  const before = noted?.granted;
  const again = anew.has(oid) || noted?.again !== undefined ? { again: 'emptied' as const } : {};
  const now = {
    usage: before?.usage === true || rights?.usage !== true,
    select: before?.select === true || rights?.select !== true,
  };
  const part = partition === undefined ? {} : { partition: true as const };
  if (isParted(facts)) return { oid, schema, name, ...part, parted: true };
  return { oid, schema, name, ...part, ...again, ...(now.usage || now.select ? { granted: now } : {}) };
}

function renew(of: StreamFacts, stream: AddingTo, facts: NewTableFacts): Change {
  const { oid, schema, name } = facts;
  const own = quoteQualified(facts);
  return changeOf({
    address: { ...of.subscriber, kind: 'table-anew', name: displayTable(facts) },
    action: 'delete',
    reason: 'its rows on the clone go: whoever reads it there finds it empty, or half full, until it is copied',
    preview: [
      `-- noted in the mark of subscription ${of.stream.subscription}`,
      `ALTER PUBLICATION ${quoteIdent(of.stream.publication)} DROP TABLE ONLY ${own};  -- on the source`,
      `ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true);`,
      'SELECT pg_terminate_backend(pid);  -- of its apply worker, which starts again by itself',
      `TRUNCATE ONLY ${own};  -- or DELETE, where a foreign key of the clone references it`,
    ],
    operation: { kind: 'renew-table', stream, table: { oid, schema, name } },
  });
}

function makeTable(of: StreamFacts, stream: AddingTo, facts: NewTableFacts, table: AddedTable): Change {
  const { definition, namesake, hasSchema, references } = facts;
  const isThere = namesake !== null;
  const others = definition!.grants?.filter(({ grantee }) => grantee !== stream.role) ?? null;
  const statements = isThere ? [] : tableStatements({ ...definition!, grants: others }, { hasSchema, references });
  const attach = attaching(facts);
  return changeOf({
    address: { ...of.subscriber, kind: 'table', name: displayTable(facts) },
    action: isThere ? 'update' : 'create',
    reason: madeBecause(facts, of.publication?.rows?.tables[String(facts.oid)] !== undefined),
    preview: [
      ...[...statements, ...(attach === null ? [] : [attach])].map((text) => `${text};`),
      `-- noted in the mark of subscription ${of.stream.subscription}`,
    ],
    operation: {
      kind: 'make-table',
      stream,
      table,
      statements,
      attach,
      rights: isThere || others === null ? null : JSON.stringify(others),
    },
  });
}

function madeBecause(facts: NewTableFacts, isPublished: boolean): string {
  const { namesake, partition } = facts;
  const parted = isParted(facts);
  const there = 'it is on the clone, empty and as on the source; it is noted that it is added';
  const came = 'it came on the source since the clone was taken; without triggers, rules and policies';
  if (parted && partition === undefined && namesake === null) return `${came}; its partitions are made by themselves`;
  if (partition === undefined) return namesake === null ? came : there;
  const of = `a partition of ${displayTable(partition.parent)}, ${isPublished ? 'published with it already' : 'to be published with it'}`;
  const until = isPublished && !parted ? '; until it is copied the clone skips its changes' : '';
  return `${of}: ${namesake === null ? came : there}${until}`;
}

/** As the statements alone, and noted with them that what they write is ours. */
function give(stream: AddingTo, table: AddedTable, { operation, ...change }: Change): Change {
  if (operation.kind !== 'sql') throw new Error('rights are given by statements');
  return { ...change, operation: { kind: 'give-copy-rights', stream, table: named(table), giving: operation } };
}

function grant(
  of: StreamFacts,
  { role }: AddingTo,
  table: AddedTable,
  { usage, select }: NonNullable<NewTableFacts['rights']>,
): Change {
  const to = quoteIdent(role);
  return sqlChange({
    address: { ...of.publisher, kind: 'copy-rights', name: displayTable(table) },
    action: 'update',
    reason: 'the copy reads the table as the replication role; it is taken back once the rows are compared',
    place: of.publisher,
    guards: [table.partition === true ? partitionGuard(of, table) : sameTableGuard(of, table)],
    statements: [
      ...(usage ? [] : [{ text: `GRANT USAGE ON SCHEMA ${quoteIdent(table.schema)} TO ${to}` }]),
      ...(select ? [] : [{ text: `GRANT SELECT ON ${quoteQualified(table)} TO ${to}` }]),
    ],
    // Who may not grant gets a warning alone (restrict_and_check_grant in aclchk.c).
    afterwards: [mayCopy(of, role, table)],
  });
}

function copy(of: StreamFacts, stream: AddingTo, tables: readonly AddedTable[]): Change {
  return changeOf({
    address: { ...of.subscriber, kind: 'table-copies', name: of.stream.subscription },
    action: 'update',
    reason: `${tables.map(displayTable).join(', ')}: taken by the subscription, copied, and every row compared`,
    preview: [
      `ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true);`,
      `-- until each is ready; then its rows are compared on both sides`,
    ],
    operation: { kind: 'copy-tables', stream, tables: tables.map(named) },
  });
}

function settle(
  of: StreamFacts,
  stream: AddingTo,
  tables: readonly AddedTable[],
  forgotten: readonly AddedTable[],
): Change {
  return changeOf({
    address: { ...of.publisher, kind: 'copy-rights', name: of.stream.publication },
    action: 'delete',
    reason:
      forgotten.length === 0
        ? 'what the replication role was given for the copy is taken back'
        : `${forgotten.map(displayTable).join(', ')}: not on the source or in the selection any more, and no longer followed`,
    preview: takenBack(stream.role, tables).map((text) => `${text};`),
    operation: {
      kind: 'settle-tables',
      stream,
      tables: tables.map(({ granted, ...table }) => ({ ...named(table), granted })),
      forgotten: forgotten.map(({ oid }) => oid),
    },
  });
}
