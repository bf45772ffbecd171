import { compareLsn, formatLsn } from './text/lsn';

/** What one transaction has of one table, as the publication sends it. */
export interface TableChanges {
  readonly schema: string;
  readonly name: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly truncated: boolean;
}

/** A transaction of production that a stream sends, as its slot shows it. */
export interface SentTransaction {
  readonly xid: string;
  /** Where its commit begins: what the log calls `finished at`, and what SKIP is given. */
  readonly finish: string;
  /** Where its commit ends: where the origin stands once it was applied. */
  readonly end: string;
  /** ISO 8601, by the clock of the source. */
  readonly committed: string;
  readonly tables: readonly TableChanges[];
}

/** Of one transaction: how many messages of each kind, and those whole that are read here, all as hexadecimal text. */
export interface SentRow {
  readonly xid: string;
  readonly committed: string;
  readonly ended: string;
  readonly micros: string;
  /** By kind and relation. */
  readonly changes:
    readonly { readonly kind: string; readonly relation: string | null; readonly count: number }[] | null;
  readonly truncated: readonly string[] | null;
  readonly relations: readonly string[] | null;
}

const lsnOf = (hex: string): string => formatLsn(BigInt(`0x${hex}`));

/** Of timestamps the server counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

export function transactionOf({
  xid,
  committed,
  ended,
  micros,
  changes,
  truncated,
  relations,
}: SentRow): SentTransaction {
  const names = new Map((relations ?? []).map(relationOf));
  const tables = new Map<string, TableChanges>();
  const change = (oid: string, become: (table: TableChanges) => TableChanges) => {
    const { schema, name } = names.get(oid) ?? { schema: '', name: `(${parseInt(oid, 16)})` };
    const none = { schema, name, inserted: 0, updated: 0, deleted: 0, truncated: false };
    tables.set(oid, become(tables.get(oid) ?? none));
  };
  for (const { kind, relation, count } of changes ?? [])
    change(relation!, (table) => ({
      ...table,
      inserted: table.inserted + (kind === 'I' ? count : 0),
      updated: table.updated + (kind === 'U' ? count : 0),
      deleted: table.deleted + (kind === 'D' ? count : 0),
    }));
  for (const oid of (truncated ?? []).flatMap(truncatedIn)) change(oid, (table) => ({ ...table, truncated: true }));
  const finish = lsnOf(committed);
  const end = lsnOf(ended);
  if (compareLsn(finish, end) > 0) throw new Error(`a commit that ends at ${end}, before it begins at ${finish}`);
  return {
    xid,
    finish,
    end,
    committed: new Date(EPOCH_MS + Number(BigInt(`0x${micros}`) / 1_000n)).toISOString(),
    tables: [...tables.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
  };
}

const keyOf = ({ schema, name }: TableChanges): string => `${schema}\0${name}`;

/** `R`, the oid, the schema and the name, each ended by a zero. */
function relationOf(hex: string): [string, { schema: string; name: string }] {
  const data = Buffer.from(hex, 'hex');
  const schemaEnd = data.indexOf(0, 5);
  const nameEnd = data.indexOf(0, schemaEnd + 1);
  const text = (from: number, to: number) => data.subarray(from, to).toString('utf8');
  return [hex.slice(2, 10), { schema: text(5, schemaEnd), name: text(schemaEnd + 1, nameEnd) }];
}

/** `T`, how many, options, and the oid of each. */
const truncatedIn = (hex: string): string[] => hex.slice(12).match(/.{8}/g) ?? [];
