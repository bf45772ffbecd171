import type { Client } from 'pg';
import { checkForeignRefusals, checkRefusedWrites } from '../../../sql-runner/checks/refused-writes';
import type { SourceObservation } from '../../../sql-runner/model/observation';
import type { SourceContract } from '../../../contract/contract';

/**
 * Tables of which the server refuses UPDATE, tried one by one; each has a column v. Foreign ones and those with
 * children by themselves.
 */
export async function refusedUpdates(admin: Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname = ANY ($1) ORDER BY 1`,
    [schemas],
  );
  const refused: string[] = [];
  for (const { name } of rows) {
    await admin.query('BEGIN');
    const error = await admin.query(`UPDATE ONLY ${name} SET v = v`).catch((cause: { code: string }) => cause);
    if ('code' in error && ['55000', '42P10'].includes(error.code)) refused.push(name);
    else expect(error).not.toBeInstanceOf(Error);
    await admin.query('ROLLBACK');
  }
  return refused;
}

/** The same by what is told; because of publications of ours and of others together. */
export function toldToBeRefused(contract: SourceContract, source: SourceObservation): string[] {
  const told = [...checkRefusedWrites(contract, source), ...checkForeignRefusals(contract, source)];
  const names = told.flatMap(({ seen }) => [...seen.matchAll(/([\w.]+) \([^)]*\)/g)].map(([, name]) => name!));
  return [...new Set(names)].sort();
}
