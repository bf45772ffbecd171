import type { Breakage } from '../breakage';
import { SUBSCRIPTION } from '../broken-world';

const ENDS = [
  'CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$',
  'CREATE TRIGGER slow BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION slow()',
  'ALTER TABLE lines ENABLE ALWAYS TRIGGER slow',
  `ALTER DATABASE shop SET transaction_timeout = '1s'`,
  `SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = '${SUBSCRIPTION}'`,
];

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
];
