import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { ShapePair } from '../model/survey';
import { columnOf, identityOf, lookupIndex, primary, renamedColumns, sameColumns } from './column-pairs';
import { dropIndex } from './drop-index';

/** By which columns the source says which row it means, and by which the clone finds it, where those are others. */
export function keyDifference(pair: ShapePair) {
  const sent = identityOf(pair.there);
  // A rename is told by itself, and first; keys follow it.
  if (sent === null || sent === 'full' || renamedColumns(pair).length > 0) return [];
  const own = lookupIndex(pair.here)?.columns ?? null;
  if (own !== null && sameColumns(sent, own)) return [];
  return [{ key: `${JSON.stringify(sent)} ${JSON.stringify(own)}`, sent, own }];
}

/** Whether the advice for the key takes the clone's primary key away. */
export function keyIsReplaced(pair: ShapePair): boolean {
  const [theirs, own] = [primary(pair.there), primary(pair.here)];
  const replaces = theirs !== undefined && own !== undefined && !sameColumns(theirs.columns!, own.columns!);
  return replaces && pair.there.identity === 'd' && keyDifference(pair).length > 0;
}

/** What has the clone find rows by the columns that the source sends. */
export function adopt(pair: ShapePair, sent: readonly string[]): string[] {
  const { there, here } = pair;
  const table = quoteQualified(here);
  if (there.identity === 'd') {
    const [theirs, own] = [primary(there)!, primary(here)];
    const right = own !== undefined && sameColumns(own.columns!, sent);
    const add = `ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdent(theirs.constraint ?? theirs.name)} PRIMARY KEY (${theirs.columns!.map(quoteIdent).join(', ')});`;
    const dropped = own === undefined || right ? [] : dropIndex(here, own);
    return [
      ...dropped,
      ...(right ? [] : [add]),
      ...(here.identity === 'i' || dropped.length > 0 ? [`ALTER TABLE ${table} REPLICA IDENTITY DEFAULT;`] : []),
    ];
  }
  const theirs = there.indexes.find(({ replicaIdentity }) => replicaIdentity)!;
  const own = here.indexes.find(
    ({ columns, valid, immediate }) => valid && immediate && columns !== null && sameColumns(columns, sent),
  );
  const nullable = sent.filter((name) => columnOf(here, name)?.notNull === false);
  return [
    ...nullable.map((name) => `ALTER TABLE ${table} ALTER COLUMN ${quoteIdent(name)} SET NOT NULL;`),
    ...(own === undefined ? [`${theirs.definition};`] : []),
    `ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ${quoteIdent((own ?? theirs).name)};`,
  ];
}
