import type { Contracts, SourceContract } from '../contract/contract';
import { run } from '../sql-runner/actions/run';
import { openConnections } from '../sql-runner/connections/open';
import type { PlanMode } from '../sql-runner/model/plan';
import { quoteIdent } from '../sql-runner/postgres/text/quoting';
import type { DirectLab } from '../test/e2e/support/direct-lab';
import { growTo, type Scale } from './scale-database';

export const namesOf = (databases: number): string[] =>
  Array.from({ length: databases }, (_, index) => (index === 0 ? 'shop' : `many_${index}`));

export async function fill(lab: DirectLab, names: readonly string[], scale: Scale): Promise<void> {
  const server = await lab.source('postgres');
  for (const name of names) {
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await server.query(`CREATE DATABASE ${quoteIdent(name)}`);
    const client = await lab.source(name);
    await growTo(client, scale);
    await client.end();
  }
  await server.end();
}

/** The contracts of the lab, with these databases and all of their tables. */
export function withDatabases({ source, target }: Contracts, names: readonly string[]): Contracts {
  const [{ streams }] = source.links as [SourceContract['links'][number]];
  const links = names.map((database, index) => ({
    database,
    streams: streams.map((stream) => ({
      ...stream,
      publication: `${stream.publication}_${index}`,
      slot: `${stream.slot}_${index}`,
      subscription: `${stream.subscription}_${index}`,
    })),
  }));
  // The lab's servers are small, and nobody else is on them.
  return { source: { ...source, links, acknowledge: ['SOURCE_LOCKS_TOO_FEW'] }, target };
}

export async function applied(contracts: Contracts, mode: PlanMode): Promise<void> {
  const started = performance.now();
  await run(openConnections, contracts, {
    mode,
    allowReboot: true,
    confirm: () => Promise.resolve(true),
    saved: null,
    lockTimeoutMs: 30_000,
    syncTimeoutMs: 600_000,
    interrupted: () => false,
    listener: () => undefined,
  });
  console.log(`${mode}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
