import type { Client } from 'pg';
import { HEARTBEAT_TABLE } from '../../contract/naming';
import type { SoakWorld } from './world';

interface Beat {
  readonly id: string;
  readonly previous: string | null;
  readonly number: string;
}

/** The beats of every stream: what contradicts that each names the one before it, and that both sides have the same. */
export async function contradictions(world: SoakWorld): Promise<{ beats: number; found: string[] }> {
  const found: string[] = [];
  let beats = 0;
  for (const { database } of world.streams) {
    const source = await world.asAdmin('source', database, readBeats);
    const clone = await world.asAdmin('clone', database, readBeats);
    beats += source.length;
    if (source.length === 0) found.push(`${database} has no beats`);
    const broken = brokenAt(source);
    if (broken !== null) found.push(`${database}: beat ${broken.number} does not follow on the one before it`);
    if (JSON.stringify(source) !== JSON.stringify(clone)) found.push(`${database}: both sides have other beats`);
  }
  return { beats, found };
}

async function readBeats(client: Client): Promise<Beat[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND c.relkind = 'r'`,
    [HEARTBEAT_TABLE],
  );
  if (tables.length !== 1) throw new Error(`${tables.length} tables of beats`);
  const { rows } = await client.query<Beat>(
    `SELECT id, previous, number::text AS number FROM ${tables[0]!.name} b ORDER BY b.number`,
  );
  return rows;
}

/** The first of those that are kept follows on one that is gone. */
export function brokenAt(beats: readonly Beat[]): Beat | null {
  return (
    beats
      .slice(1)
      .find((beat, i) => beat.previous !== beats[i]!.id || Number(beat.number) !== Number(beats[i]!.number) + 1) ?? null
  );
}
