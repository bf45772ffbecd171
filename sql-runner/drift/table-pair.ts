import type { ShapePair } from '../model/survey';
import { displayTable } from '../model/table-selection';
import { quoteQualified } from '../postgres/text/quoting';
import { difference, type Difference, type Found } from './difference';
import type { OpenedTable, TableFacts } from './facts';
import type { TypeWords } from './type-words';

/** A table that both sides have and that could be opened on both. */
export interface TablePair {
  readonly there: TableFacts & { readonly opened: OpenedTable };
  readonly here: TableFacts & { readonly opened: OpenedTable };
  readonly shapes: ShapePair;
  readonly replicated: boolean;
  readonly parent: TablePair | null;
  readonly types: TypeWords;
}

const NOT_REPLICATED = 'no stream carries the table';

/** What is found of a table: what it does to rows that arrive it does only where a stream carries them. */
export function ofTable(pair: Pick<TablePair, 'there' | 'replicated'>, found: Omit<Found, 'table'>): Difference {
  const table = displayTable(pair.there.relation);
  const made = difference({ ...found, table });
  return pair.replicated ? made : { ...made, survives: 'continues', consequence: NOT_REPLICATED, when: 'now' };
}

/** `ALTER TABLE …` of the clone's table. */
export const alter = ({ here }: Pick<TablePair, 'here'>, action: string): string =>
  `ALTER TABLE ${quoteQualified(here.relation)} ${action}`;

export const columnTitle = ({ there }: Pick<TablePair, 'there'>, column: string): string =>
  `column ${column} of ${displayTable(there.relation)}`;
