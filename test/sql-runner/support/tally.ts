import type { World } from './fake-world';

/** What a command sent to a fake world. */
export interface Tally {
  /** `connect source shop as master`. */
  readonly connections: readonly string[];
  /** By `source shop`: statements, without those that every session begins with. */
  readonly statements: Readonly<Record<string, number>>;
  /** Sent more than once to the same database, with the same values; how often. */
  readonly repeated: Readonly<Record<string, number>>;
  readonly aws: readonly string[];
}

/** Sent by every session before it is handed out; see PgSession.prepare. */
const PREPARES = [/^SET lock_timeout = /];

/** Counts from now on. */
export function tally(world: World): () => Tally {
  const sent: { place: string; text: string }[] = [];
  const { onSql } = world;
  world.onSql = (sql, at, values) => {
    if (!PREPARES.some((one) => one.test(sql)))
      sent.push({ place: `${at.side} ${at.database}`, text: `${sql.replace(/\s+/g, ' ')} ${JSON.stringify(values)}` });
    return onSql(sql, at, values);
  };
  const began = world.log.length;
  return () => {
    const log = world.log.slice(began);
    const all = counted(sent.map(({ place, text }) => `${place}: ${text}`));
    return {
      connections: log.filter((line) => line.startsWith('connect ')),
      statements: counted(sent.map(({ place }) => place)),
      repeated: Object.fromEntries(Object.entries(all).filter(([, times]) => times > 1)),
      aws: log.filter((line) => line.startsWith('aws ')),
    };
  };
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
