import type { Code } from '../../errors/codes';
import type { HealthState } from './health';

/** The page about a state, for whoever is on call: what is seen, why, how urgent it is, and the way out. */
export const runbookOf = (state: HealthState): string => `docs/runbooks/${state.replaceAll(' ', '-')}.md`;

/** What speaks against a stream, each with the state that it mostly brings: its page has the way out. */
export const STATE_OF_CODE: Readonly<Partial<Record<Code, HealthState>>> = {
  APPLY_WORKER_FAILING: 'retrying',
  APPLY_WORKER_SILENT: 'cut off',
  APPLY_WORKER_STOPPED: 'stopped',
  APPLY_WORKER_WAITS: 'blocked',
  CLONE_MAYBE_WRITTEN: 'blocked',
  CLONE_NOT_UNDER_TICKET: 'waiting for the clone',
  CLONE_WRITTEN: 'blocked',
  CONNECTION_ALTERED: 'streaming',
  CONTINUITY_NOT_PROVEN: 'not proven',
  DATABASE_RENAMED: 'blocked',
  HEARTBEAT_ALTERED: 'streaming',
  HEARTBEAT_MISSING: 'streaming',
  HEARTBEAT_RENAMED: 'streaming',
  HISTORY_DIFFERS: 'diverged',
  INHERITED_COPY_GONE: 'diverged',
  ORIGIN_BEHIND_SEED: 'diverged',
  ORIGIN_TOUCHED: 'blocked',
  PUBLICATION_ALTERED: 'not proven',
  ROLE_CANNOT_CONNECT: 'stopped',
  ROLE_CANNOT_REPLICATE: 'stopped',
  ROLE_CONNECTIONS_TOO_FEW: 'stopped',
  ROLE_PASSWORD_EXPIRES: 'stopped',
  SLOT_CONSUMED: 'blocked',
  SLOT_LOST: 'lost',
  SLOT_MISMATCH: 'blocked',
  SLOT_NAME_TAKEN: 'blocked',
  SOURCE_PUT_BACK: 'diverged',
  SOURCE_REFUSES_LOGIN: 'stopped',
  SOURCE_SENDERS_TOO_FEW: 'stopped',
  STREAM_BROKEN: 'diverged',
  STREAM_NOT_STREAMING: 'cut off',
  SUBSCRIPTION_ALTERED: 'streaming',
  SUBSCRIPTION_DISABLED: 'disabled',
  SUBSCRIPTION_RENAMED: 'blocked',
  TABLE_NOT_SUBSCRIBED: 'streaming',
  TABLE_UNLOGGED_ON_CLONE: 'not proven',
  TABLE_UNLOGGED_SINCE: 'not proven',
  TARGET_WORKERS_TOO_FEW: 'stopped',
  TRIGGERS_FIRE_ON_APPLY: 'streaming',
  WAL_BUDGET_EXCEEDED: 'catching up',
};
