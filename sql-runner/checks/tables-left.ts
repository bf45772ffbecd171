import { ownMark } from '../model/mark';
import { streamsOf } from '../model/streams';
import type { LeftTable } from '../model/table-notes';
import { displayTable } from '../model/table-selection';
import { quoteQualified } from '../postgres/text/quoting';
import type { TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';

/** The clone keeps them, with rows of a moment that goes by: who reads them has to know. */
const left: TargetCheck = {
  code: 'TABLES_LEFT',
  both: true,
  holds: 'every table that streams of the clone have followed is followed still',
  side: 'target',
  run: (target, { contract, source }) =>
    streamsOf(contract).flatMap(({ database, stream }) => {
      const [production, clone] = [source?.databases[database], target.databases[database]];
      const options = clone?.subscriptionOptions.find(({ name }) => name === stream.subscription);
      const noted = ownMark(options?.comment ?? null, 'subscription', contract.environment)?.left ?? [];
      if (noted.length === 0 || clone === undefined) return [];
      const there = byName(clone.definitions);
      const sent = byName((production?.sent ?? []).filter(({ publication }) => publication === stream.publication));
      // What is sent has not left yet: apply goes on with it.
      const tables = noted.filter((table) => there.has(tableKey(table)) && !sent.has(tableKey(table)));
      if (tables.length === 0) return [];
      return [
        {
          severity: 'info',
          seen: `database ${database}: ${tables.map(sinceWhen).join(', ')}`,
          why: 'the clone has their rows as of then; no change of them reaches it',
          next: `nothing, where their rows may stay; where nobody needs them, in database ${database} on the clone: ${tables.map((table) => `DROP TABLE ${quoteQualified(table)};`).join(' ')}`,
        },
      ];
    }),
};

const sinceWhen = (table: LeftTable): string =>
  table.dropped === true
    ? `${displayTable(table)} was dropped on the source, which was noticed at ${table.at}`
    : `${displayTable(table)} is no longer followed since ${table.at}`;

export const leftChecks = [left];
