import { DatabaseError } from 'pg';

/** What applications must expect of a server: conflicts with others, and rows that break a rule of the table. */
export function isExpected(error: unknown): boolean {
  return error instanceof DatabaseError && /^(23|40|55P03)/.test(error.code ?? '');
}
