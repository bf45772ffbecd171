import type { Sequence } from '../../../sql-runner/postgres/catalog/sequences';

/** A sequence as CREATE SEQUENCE makes it, and not called yet, unless `more` says otherwise. */
export const sequence = (name: string, more: Partial<Sequence> = {}): Sequence => ({
  oid: 20_000 + name.length,
  schema: 'public',
  name,
  role: 'app',
  isOurs: true,
  type: 'bigint',
  start: '1',
  increment: '1',
  min: '1',
  max: '9223372036854775807',
  cache: '1',
  cycle: false,
  ownedBy: null,
  leftOut: null,
  position: { last: '1', called: false },
  ...more,
});

export const at = (last: number | bigint, called = true): Pick<Sequence, 'position'> => ({
  position: { last: String(last), called },
});

export const ofColumn = (table: string, number = '1.1', identity = false): Pick<Sequence, 'ownedBy'> => ({
  ownedBy: { schema: 'public', table, column: 'id', identity, number },
});
