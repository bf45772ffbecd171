import type { Client } from 'pg';
import type { TestCluster } from '../support/postgres';
import { type Ground, openGround } from './plain-ground';

/**
 * How one would replay DDL without a second thought: the client's text goes through a published table, and a trigger
 * on the clone executes it. The judge must see what that breaks.
 */
const WRITES = `
CREATE TABLE judge.log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, statement text, path text);
GRANT INSERT ON judge.log TO PUBLIC;
CREATE FUNCTION judge.write() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  INSERT INTO judge.log (statement, path) VALUES (current_query(), current_setting('search_path')); END $$;
CREATE EVENT TRIGGER judge_writes ON ddl_command_end EXECUTE FUNCTION judge.write();
ALTER EVENT TRIGGER judge_writes ENABLE ALWAYS`;

const EXECUTES = `
CREATE TABLE judge.log (id bigint PRIMARY KEY, statement text, path text);
CREATE FUNCTION judge.execute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('search_path', NEW.path, true);
  EXECUTE NEW.statement;
  RETURN NULL; END $$;
CREATE TRIGGER executes AFTER INSERT ON judge.log FOR EACH ROW EXECUTE FUNCTION judge.execute();
ALTER TABLE judge.log ENABLE REPLICA TRIGGER executes`;

export function openNaive(test: TestCluster, log: () => string): Promise<Ground> {
  return openGround(test, log, {
    prepare: async ({ source, clone }) => {
      await source.query(WRITES);
      await clone.query(EXECUTES);
    },
    published: ['judge.log'],
    complaints: ({ source, slot }) => complaints(source, slot, log),
  });
}

/** Nobody reads the slot, or only to end at the same error again: the server's log says why. */
async function complaints(source: Client, slot: string, log: () => string): Promise<string[]> {
  const asked = 'SELECT active FROM pg_replication_slots WHERE slot_name = $1';
  const { rows } = await source.query<{ active: boolean }>(asked, [slot]);
  return rows[0]?.active ? [] : [log()];
}
