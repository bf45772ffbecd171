import type { Breakage } from '../breakage';
import { eventually } from '../../support/eventually';
import { ROLE, type BrokenWorld } from '../broken-world';
import { cut } from '../../../lab/faults/cut';

const AWAY = ['stopped', 'cut off'] as const;
const NO_WORKER = ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'] as const;

/** What keeps the clone from logging in; a session that was let in before is ended, as by any break of a connection. */
const kept = (name: string, statements: readonly string[], more: Partial<Breakage>): Breakage => ({
  name,
  states: AWAY,
  causes: NO_WORKER,
  everywhere: true,
  breaks: async (world) => {
    await world.asAdmin('source', ...statements);
    await world.endReplication();
    await world.write();
  },
  ...more,
});

export const ROLE_ROWS: readonly Breakage[] = [
  kept('role NOLOGIN', [`ALTER ROLE ${ROLE} NOLOGIN`], {
    causes: ['ROLE_CANNOT_REPLICATE'],
    beside: [...NO_WORKER, 'SOURCE_REFUSES_LOGIN'],
  }),
  kept('role without rds_replication', [], {
    causes: ['ROLE_CANNOT_REPLICATE'],
    beside: [...NO_WORKER, 'SOURCE_REFUSES_LOGIN'],
    breaks: async (world) => {
      await world.onSource(`REVOKE rds_replication FROM ${ROLE}`);
      // In the lab somebody takes the attribute away that stands for it.
      const may = `SELECT FROM pg_roles WHERE rolname = '${ROLE}' AND rolreplication`;
      await eventually(async () => (await world.onSource(may)).length === 0);
      await world.endReplication();
      await world.write();
    },
  }),
  kept('password changed', [`ALTER ROLE ${ROLE} PASSWORD 'Changed-by-hand-1'`], {
    causes: [...NO_WORKER, 'SOURCE_REFUSES_LOGIN'],
    words: /password/,
  }),
  kept('password expired', [`ALTER ROLE ${ROLE} VALID UNTIL '2020-01-01'`], {
    causes: ['ROLE_PASSWORD_EXPIRES'],
    beside: [...NO_WORKER, 'SOURCE_REFUSES_LOGIN'],
  }),
  kept('role without connections', [`ALTER ROLE ${ROLE} CONNECTION LIMIT 0`], {
    // From 17 on a server counts no WAL sender.
    states: [...AWAY, 'streaming', 'catching up'],
    causes: ['ROLE_CONNECTIONS_TOO_FEW', ...NO_WORKER],
    beside: ['SOURCE_REFUSES_LOGIN'],
  }),
  kept(
    'role without CONNECT',
    ['REVOKE CONNECT ON DATABASE shop FROM PUBLIC', `REVOKE CONNECT ON DATABASE shop FROM ${ROLE}`],
    {
      causes: ['ROLE_CANNOT_CONNECT'],
      beside: [...NO_WORKER, 'SOURCE_REFUSES_LOGIN'],
    },
  ),
  kept('role dropped', [`DROP OWNED BY ${ROLE}`, `DROP ROLE ${ROLE}`], {
    causes: ['ROLE_CANNOT_REPLICATE', ...NO_WORKER],
    beside: ['SOURCE_REFUSES_LOGIN'],
    breaks: async (world: BrokenWorld) => {
      await world.asAdmin('source', `ALTER ROLE ${ROLE} NOLOGIN`);
      await world.endReplication();
      await world.slotIsFree();
      await world.asAdmin('source', `DROP OWNED BY ${ROLE}`, `DROP ROLE ${ROLE}`);
      await world.write();
    },
  }),
  {
    name: 'turned away by pg_hba.conf',
    everywhere: true,
    states: AWAY,
    causes: NO_WORKER,
    beside: ['SOURCE_REFUSES_LOGIN'],
    words: /pg_hba\.conf rejects/,
    breaks: async (world) => {
      await cut.bringAbout(world.lab.lab);
      await world.write();
    },
    byHand: (world) => cut.heal(world.lab.lab, {}),
  },
];
