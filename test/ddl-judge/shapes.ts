import { escapeLiteral } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Claim, Made } from './kinds/kind';

/** How a statement is sent. */
export interface Shape {
  readonly name: string;
  readonly claim: Claim;
  /** What is sent instead; null: it does not fit. `dml` adds a row that shows when it is there twice. */
  send(made: Made, dml: string, random: Random): Made | null;
  /** Rolled back after it, in a savepoint or wholly: it must not arrive. */
  readonly taken?: 'back to a savepoint' | 'back';
  /** Ended in two phases. */
  readonly prepared?: boolean;
  /** As the lab's superuser. */
  readonly superuser?: boolean;
  /** Without BEGIN around it. */
  readonly alone?: boolean;
}

const single = ({ sql }: Made): boolean =>
  !/; (ALTER|DROP)/.test(sql) && !sql.startsWith('EXPLAIN') && !sql.includes('TEMP');
const as =
  (setting: string): Shape['send'] =>
  (made) => ({ ...made, settings: [...(made.settings ?? []), setting] });
const same: Shape['send'] = (made) => made;

/** A function made in the transaction itself, so that it is DDL in DDL. */
const inFunction = (call: (name: string) => string): Shape['send'] => {
  return (made, dml, random) => {
    const name = `app.runs_${random.int(1, 1_000_000)}`;
    return single(made)
      ? {
          ...made,
          sql: call(name),
          first: `CREATE FUNCTION ${name}() RETURNS int LANGUAGE plpgsql AS ${escapeLiteral(` BEGIN EXECUTE ${escapeLiteral(made.sql)}; ${dml}; RETURN 1; END `)}`,
        }
      : null;
  };
};

export const PLAIN: Shape = { name: 'in a transaction', claim: 'follow', send: same };

export const SHAPES: readonly Shape[] = [
  {
    name: 'without BEGIN',
    claim: 'follow',
    send: (made) => (made.settings || !single(made) ? null : made),
    alone: true,
  },
  { name: 'as another role', claim: 'follow', send: as('ROLE judge_dev') },
  { name: 'savepoint rolled back', claim: 'follow', send: same, taken: 'back to a savepoint' },
  { name: 'rolled back', claim: 'follow', send: same, taken: 'back' },
  { name: 'prepared', claim: 'follow', send: (made) => (made.sql.includes('TEMP') ? null : made), prepared: true },
  {
    name: 'prepared, rolled back',
    claim: 'follow',
    send: (made) => (made.sql.includes('TEMP') ? null : made),
    prepared: true,
    taken: 'back',
  },
  {
    name: 'by search_path',
    claim: 'follow',
    send: (made) =>
      / app\.[a-z]/.test(made.sql) && !made.sql.includes("'")
        ? {
            ...made,
            sql: made.sql.replaceAll(' app.', ' '),
            settings: [...(made.settings ?? []), 'search_path = "no such; schema", app, public'],
          }
        : null,
  },
  {
    name: 'behind a comment',
    claim: 'follow',
    send: (made) => ({ ...made, sql: `/* first; /* nested */ */ -- second;\n ${made.sql}` }),
  },
  {
    name: 'with a semicolon and a comment behind it',
    claim: 'follow',
    send: (made) => ({ ...made, sql: `${made.sql} ; -- done; really` }),
  },
  {
    name: 'settings that change literals',
    claim: 'follow',
    send: (made, ...rest) => ({
      ...as('standard_conforming_strings = off')(made, ...rest)!,
      mayStop: made.sql.includes('\\'),
    }),
  },
  {
    name: 'in another zone and date style',
    claim: 'stop',
    send: (made) => ({
      ...made,
      settings: [...(made.settings ?? []), `TimeZone = 'Asia/Tokyo'`, `DateStyle = 'SQL, DMY'`],
    }),
  },
  {
    name: 'several statements in one string',
    claim: 'stop',
    send: (made, dml) => ({ ...made, sql: `${dml}; ${made.sql}; ${dml}` }),
  },
  {
    name: 'in a DO block',
    claim: 'stop',
    send: (made, dml) =>
      single(made)
        ? { ...made, sql: `DO ${escapeLiteral(` BEGIN ${dml}; EXECUTE ${escapeLiteral(made.sql)}; END `)}` }
        : null,
  },
  {
    name: 'in a DO block with an exception',
    claim: 'stop',
    send: (made) =>
      single(made)
        ? {
            ...made,
            sql: `DO ${escapeLiteral(` BEGIN EXECUTE ${escapeLiteral(made.sql)}; RAISE EXCEPTION 'no'; EXCEPTION WHEN raise_exception THEN NULL; END `)}`,
          }
        : null,
  },
  { name: 'in a function', claim: 'stop', send: inFunction((name) => `SELECT ${name}()`) },
  {
    name: 'in a function of a query of DDL',
    claim: 'stop',
    send: inFunction((name) => `CREATE TABLE ${name}_t AS SELECT ${name}() AS a`),
  },
  { name: 'in a session of replicas', claim: 'stop', send: as('session_replication_role = replica'), superuser: true },
];
