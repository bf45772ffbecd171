import type { Sequence, SequenceOwner } from '../postgres/catalog/sequences';
import { displayQualified, quoteIdent, quoteInteger, quoteQualified } from '../postgres/text/quoting';
import { isSameColumn, type SequencePair } from './sequence-verdict';

/** How the clone's is made otherwise than the source's, in words; none: it is not. */
export function differencesOf({ source, clone }: SequencePair): string[] {
  const words = NUMBERS.flatMap((name) =>
    source[name] === clone[name] ? [] : [`${name} ${clone[name]}, not ${source[name]}`],
  );
  const cycles = source.cycle === clone.cycle ? [] : [clone.cycle ? 'it begins anew at its end' : 'it ends at its end'];
  const owned = isSameColumn(source, clone)
    ? []
    : [`of ${columnWords(clone.ownedBy)}, not of ${columnWords(source.ownedBy)}`];
  return [...words, ...cycles, ...owned];
}

const NUMBERS = ['type', 'start', 'increment', 'min', 'max', 'cache'] as const;

const columnWords = (owner: SequenceOwner | null): string =>
  owner === null ? 'no column' : `${displayQualified({ schema: owner.schema, name: owner.table })}.${owner.column}`;

/**
 * What makes the clone's as the source's is. Where its position is none that it may have afterwards, it begins where the
 * source stands, or the server would refuse it.
 */
export function healing(pair: SequencePair): string[] {
  const { source, clone } = pair;
  const name = quoteQualified(clone);
  const numbers = NUMBERS.some((one) => source[one] !== clone[one]) || source.cycle !== clone.cycle;
  const owned = isSameColumn(source, clone) || isIdentity(source) || isIdentity(clone);
  return [
    ...(numbers ? [`ALTER SEQUENCE ${name} ${optionsSql(source)}${restartSql(pair)};`] : []),
    ...(owned ? [] : [`ALTER SEQUENCE ${name} OWNED BY ${ownerSql(source.ownedBy)};`]),
  ];
}

/** That of an identity column cannot be given another column (process_owned_by in sequence.c). */
export const isIdentity = ({ ownedBy }: Sequence): boolean => ownedBy?.identity === true;

/** format_type() writes the name of a type as SQL takes it. */
const TYPES: Readonly<Record<string, 'smallint' | 'integer' | 'bigint'>> = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
};

const optionsSql = ({ type, start, increment, min, max, cache, cycle }: Sequence): string =>
  `AS ${TYPES[type] === 'smallint' ? 'smallint' : TYPES[type] === 'integer' ? 'integer' : 'bigint'} INCREMENT BY ${quoteInteger(BigInt(increment))} MINVALUE ${quoteInteger(BigInt(min))} MAXVALUE ${quoteInteger(BigInt(max))} START WITH ${quoteInteger(BigInt(start))} CACHE ${quoteInteger(BigInt(cache))} ${cycle ? 'CYCLE' : 'NO CYCLE'}`;

function restartSql({ source, clone }: SequencePair): string {
  if (typeof clone.position === 'string') return '';
  const last = BigInt(clone.position.last);
  if (last >= BigInt(source.min) && last <= BigInt(source.max)) return '';
  const to = typeof source.position === 'string' ? source.start : source.position.last;
  return ` RESTART WITH ${quoteInteger(BigInt(to))}`;
}

const ownerSql = (owner: SequenceOwner | null): string =>
  owner === null
    ? 'NONE'
    : `${quoteQualified({ schema: owner.schema, name: owner.table })}.${quoteIdent(owner.column)}`;
