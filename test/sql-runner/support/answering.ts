import { type At, newWorld, type Reply, type World } from './fake-world';
import { following } from './observations';

export type Answers = Record<string, (at: At, values: readonly unknown[]) => Reply | undefined>;

/** A world in which some queries, told by a part of their SQL, are answered otherwise. */
export function answering(answers: Answers, state: Parameters<typeof newWorld>[0] = following): World {
  const world = newWorld(state);
  world.onSql = (sql, at, values) =>
    Object.entries(answers).flatMap(([part, answer]) => (sql.includes(part) ? [answer(at, values)] : []))[0];
  return world;
}
