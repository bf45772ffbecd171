import { setTimeout as pause } from 'node:timers/promises';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION } from '../broken-world';

const ENDS = [
  'CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$',
  'CREATE TRIGGER slow BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION slow()',
  'ALTER TABLE lines ENABLE ALWAYS TRIGGER slow',
  `ALTER DATABASE shop SET transaction_timeout = '1s'`,
  `SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = '${SUBSCRIPTION}'`,
];

const SLOW = [
  'CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$',
  'CREATE TRIGGER slow AFTER INSERT ON lines FOR EACH ROW EXECUTE FUNCTION slow()',
  'ALTER TABLE lines ENABLE REPLICA TRIGGER slow',
];
/** A transaction each, so that it is seen to get on; as many as last until all were asked. */
const many = (rows: number) =>
  `DO $$ BEGIN FOR id IN 3000001..${3_000_000 + rows} LOOP INSERT INTO lines VALUES (id, 1, 1); COMMIT; END LOOP; END $$`;

/** Streams that are at work, and do not get on, or cost too much. */
export const PROGRESS_ROWS: readonly Breakage[] = [
  {
    name: 'worker that a timeout ends',
    states: ['no progress seen', 'stopped', 'cut off', 'retrying'],
    causes: ['APPLY_WORKER_SILENT', 'APPLY_WORKER_STOPPED', 'APPLY_WORKER_FAILING', 'STREAM_NOT_STREAMING'],
    beside: ['TRIGGERS_FIRE_ON_APPLY', 'SETTING_HARMS_APPLY'],
    words: /timeout/,
    breaks: async (world) => {
      await world.asAdmin('clone', ...ENDS);
      await world.onSource(`INSERT INTO lines SELECT generate_series(2000001, 2000020), 1, 1`);
    },
    afterwards: (world) =>
      world.asAdmin('clone', 'ALTER DATABASE shop RESET transaction_timeout', 'DROP FUNCTION IF EXISTS slow CASCADE'),
  },
  {
    name: 'behind by more than its budget',
    // Of a young worker whose stream has ever had an error, nobody can see whether it comes to it again.
    states: ['catching up', 'no progress seen'],
    causes: ['WAL_BUDGET_EXCEEDED', 'APPLY_WORKER_SILENT'],
    follows: true,
    words: /costs production more than its budget/,
    restarted: false,
    breaks: async (world) => {
      await world.onClone(...SLOW);
      await world.setBudget({ bytes: null, hours: 0.0001, onBudget: 'alarm' });
      await world.onSource(many(world.slower > 1 ? 300 : 120));
      // What has not arrived yet tells how far behind it is.
      await world.beat();
      // Until that is older than the budget, nothing is the matter.
      await pause(500);
    },
    afterwards: async (world) => {
      await world.setBudget(null);
      await world.onClone('DROP FUNCTION slow CASCADE');
    },
  },
];
