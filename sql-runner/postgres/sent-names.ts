/** What a table is called where changes of it are sent. */
export interface SentName {
  readonly schema: string;
  readonly name: string;
  /** Of the columns that are sent, in the order of their numbers. */
  readonly columns: readonly string[];
}

/** A table of which a transaction has changes. */
export interface ChangedTable {
  /** On the source. */
  readonly oid: number;
  /** Under which these are sent: several where it was renamed between two of them. */
  readonly names: readonly SentName[];
}

/** Messages as hexadecimal text, and where each stands among all. */
interface Numbered {
  readonly n: number;
  readonly data: string;
}

/** Of one transaction what tells the names; see catalog/sent-transactions.ts. */
export interface NamesRow {
  readonly changes: readonly { readonly relation: string; readonly first: number; readonly last: number }[] | null;
  readonly truncated: readonly Numbered[] | null;
  /** Up to its end, those of transactions before it as well. */
  readonly names: readonly Numbered[] | null;
}

export function changedTables({ changes, truncated, names }: NamesRow): ChangedTable[] {
  const spans = new Map<number, { first: number; last: number }>();
  const seen = (oid: number, first: number, last: number) => {
    const known = spans.get(oid) ?? { first, last };
    spans.set(oid, { first: Math.min(known.first, first), last: Math.max(known.last, last) });
  };
  for (const { relation, first, last } of changes ?? []) seen(parseInt(relation, 16), first, last);
  for (const { n, data } of truncated ?? []) for (const oid of truncatedIn(data)) seen(oid, n, n);
  const known = (names ?? []).map(({ n, data }) => ({ n, ...relationOf(data) }));
  return [...spans].map(([oid, { first, last }]) => {
    const own = known.filter((one) => one.oid === oid && one.n < last);
    const before = own.filter(({ n }) => n < first).slice(-1);
    const all = [...before, ...own.filter(({ n }) => n > first)];
    return { oid, names: all.map(({ schema, name, columns }) => ({ schema, name, columns })) };
  });
}

/** `T`, how many, options, and the oid of each. */
const truncatedIn = (hex: string): number[] => (hex.slice(12).match(/.{8}/g) ?? []).map((oid) => parseInt(oid, 16));

/** `R`, the oid, schema and name, replica identity, how many columns, and of each flags, name, type and its modifier. */
function relationOf(hex: string): SentName & { readonly oid: number } {
  const data = Buffer.from(hex, 'hex');
  let at = 5;
  const text = (): string => {
    const end = data.indexOf(0, at);
    const found = data.subarray(at, end).toString('utf8');
    at = end + 1;
    return found;
  };
  const [schema, name] = [text(), text()];
  const count = data.readUInt16BE(at + 1);
  at += 3;
  const columns: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    at += 1;
    columns.push(text());
    at += 8;
  }
  return { oid: data.readUInt32BE(1), schema, name, columns };
}
