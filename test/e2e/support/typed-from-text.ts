import type { Client } from 'pg';
import { createColors } from 'picocolors';
import type { SchemaComparison } from '../../../sql-runner/actions/schema';
import type { Difference } from '../../../sql-runner/drift/difference';
import { schemaText } from '../../../sql-runner/render/schema-text';
import { printedStatements } from '../../sql-runner/drift/printed-statements';

/** What is printed, as it stands there. */
export async function typedFrom(found: readonly Difference[], clone: Client): Promise<void> {
  const comparison: SchemaComparison = {
    environment: 'demo',
    databases: [
      { database: 'shop', differences: found, compared: { tables: 0, replicated: 0, others: 0 }, unread: [] },
    ],
    roles: [],
    notCompared: [],
  };
  const text = schemaText(comparison, createColors(false));
  for (const statement of printedStatements(text)) await typed(statement, clone);
}

/** Where the worker comes between, and the server takes ours back, whoever types it types it again. */
async function typed(statement: string, clone: Client): Promise<void> {
  try {
    await clone.query(statement);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== '40P01') throw new Error(`${message}: ${statement}`);
    await typed(statement, clone);
  }
}
