import type { SourceContract } from '../../contract/contract';
import type { FiringTrigger } from '../postgres/catalog/firing-triggers';
import type { Finding } from '../model/change';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';

/**
 * A trigger of the clone that fires for replicated rows. Nobody can read what its function does; one BEFORE and
 * FOR EACH ROW decides what is written, and stops the connection of the clone.
 * @param connected rows have arrived already
 */
export function firingTrigger(
  { environment }: SourceContract,
  database: string,
  trigger: Omit<FiringTrigger, 'oid'>,
  connected: boolean,
): Finding {
  const table = { schema: trigger.schema, name: trigger.table };
  const mode = trigger.mode === 'always' ? 'ALWAYS' : 'REPLICA';
  if (!trigger.beforeRow)
    return {
      code: 'TRIGGERS_FIRE_ON_APPLY',
      severity: 'warn',
      seen: `trigger ${trigger.name} on ${displayTable(table)} in database ${database} of the clone is ENABLE ${mode}`,
      why: 'it fires for every row that arrives, and what it does is not known: what it writes is not on the source, or arrives from there as well; an error in it stops the apply worker',
      next: `unless the clone shall do so, in database ${database} on the clone: ALTER TABLE ONLY ${quoteQualified(table)} ENABLE TRIGGER ${quoteIdent(trigger.name)};`,
    };
  const healed = `rows that it has left out or changed stay so: sql-runner verify ${environment} finds them, and says what to do; `;
  return {
    code: 'TRIGGERS_FIRE_ON_APPLY',
    severity: 'block',
    ...(connected ? { standing: true } : { stops: ['connect'] }),
    seen: `trigger ${trigger.name} on ${displayTable(table)} in database ${database} of the clone is ENABLE ${mode}, BEFORE and FOR EACH ROW`,
    why: 'it fires for every row that arrives, and may leave it out or change it without an error: the clone has other rows than the source',
    // ONLY: each partition's trigger is a finding of its own.
    next: `${connected ? healed : ''}to let it fire for local writes only, in database ${database} on the clone: ALTER TABLE ONLY ${quoteQualified(table)} ENABLE TRIGGER ${quoteIdent(trigger.name)};`,
  };
}
