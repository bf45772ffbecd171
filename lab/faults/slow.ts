import { inSession } from '../connections';
import type { Fault } from './fault';
import { DATABASE, followingStream, TABLE } from './stream';

const NAME = 'lab_slow';
const SECONDS = 0.5;

const STATEMENTS = [
  `CREATE OR REPLACE FUNCTION public.${NAME}() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN PERFORM pg_catalog.pg_sleep(${SECONDS}); RETURN NULL; END $$`,
  `CREATE TRIGGER ${NAME} AFTER INSERT OR UPDATE OR DELETE ON ${TABLE} FOR EACH ROW EXECUTE FUNCTION public.${NAME}()`,
  `ALTER TABLE ${TABLE} ENABLE REPLICA TRIGGER ${NAME}`,
];
const BACK = [`DROP TRIGGER IF EXISTS ${NAME} ON ${TABLE}`, `DROP FUNCTION IF EXISTS public.${NAME}()`];

/** A trigger that was meant well: it fires for each replicated row and takes its time. */
export const slow: Fault = {
  about: 'a trigger of the clone takes half a second for each replicated row',
  async bringAbout(lab) {
    await followingStream(lab);
    await inSession(lab.connection('clone', DATABASE), async (client) => {
      for (const statement of ['BEGIN', ...STATEMENTS, 'COMMIT']) await client.query(statement);
    });
    return {
      did: [
        `On the clone, in database ${DATABASE}: a trigger ${NAME} of ${TABLE} was made and enabled for replicated rows (ENABLE REPLICA). It takes ${SECONDS} s for each of them.`,
      ],
      see: [
        `With every row that production writes to ${TABLE} the clone falls behind. While the writers write, the lag of this database grows.`,
        'doctor: TRIGGERS_FIRE_ON_APPLY, a warning; status shows the lag.',
      ],
      facts: {},
    };
  },
  async heal(lab) {
    await inSession(lab.connection('clone', DATABASE), async (client) => {
      for (const statement of BACK) await client.query(statement);
    });
    return [`On the clone, in database ${DATABASE}: ${BACK.join('; ')};`];
  },
};
