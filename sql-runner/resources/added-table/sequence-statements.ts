import type { DefinedSequence } from '../../postgres/catalog/table-definitions';
import { quoteQualified } from '../../postgres/text/quoting';

/** It begins at its start: values of sequences are not replicated. */
export function sequenceStatements(sequence: DefinedSequence): string[] {
  return [`CREATE SEQUENCE ${quoteQualified(sequence)} AS ${sequence.type} ${parameters(sequence)}`];
}

/** The type of the sequence of an identity is that of its column. */
export function identityClause(sequence: DefinedSequence): string {
  const when = sequence.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  return `GENERATED ${when} AS IDENTITY (SEQUENCE NAME ${quoteQualified(sequence)} ${parameters(sequence)})`;
}

const parameters = ({ start, increment, min, max, cache, cycle }: DefinedSequence): string =>
  `INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} START WITH ${start} CACHE ${cache}${cycle ? ' CYCLE' : ''}`;
