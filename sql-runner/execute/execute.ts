import { OperatorError } from '../../errors/operator-error';
import type { Session } from '../postgres/session';
import type { Change, Guard, Operation, SqlOperation, Statement } from '../model/change';
import { changeFailed, lockTimeout } from './change-errors';
import { GaveUp, type Execution } from './execution';
import { namingWaits, WaitedInVain } from './lock-wait';
import { tellingOwn } from './own-updates';
import { attachPartition } from './operations/attach-partition';
import { attachGroup, rebootWriter } from './operations/cluster';
import { connectAnew } from './operations/connect-anew';
import { drain } from './operations/drain';
import { holdStream } from './operations/hold-stream';
import { compareMended } from './operations/compare-mended';
import { mendRows } from './operations/mend-rows';
import { copyLargeObjects } from './operations/copy-large-objects';
import { refreshView } from './operations/refresh-view';
import { moveSequences } from './operations/move-sequences';
import { rollbackPrepared } from './operations/prepared-transaction';
import { copyTables } from './operations/copy-tables';
import { followRenames } from './operations/follow-renames';
import { followRoles } from './operations/follow-roles';
import { giveCopyRights } from './operations/give-copy-rights';
import { leaveTables } from './operations/leave-tables';
import { makeTable } from './operations/make-table';
import { renewTable } from './operations/renew-table';
import { settleTables } from './operations/settle-tables';
import { skipTransaction } from './operations/skip-transaction';
import { unpublishTable } from './operations/unpublish-table';
import { setRolePassword } from './operations/role-password';
import { proveContinuity } from './operations/prove-continuity';
import { createSlot, dropSlot } from './operations/slot';
import { issueTicket, removeTicket } from './operations/ticket';
import { waitFor } from './wait';
import type { Place } from '../model/address';

/** Carries out one change. Each operation is one transaction, or can be repeated safely. */
export async function execute(change: Change, execution: Execution): Promise<void> {
  try {
    await run(change, execution);
  } catch (cause) {
    if (cause instanceof WaitedInVain) throw lockTimeout(change.id, cause);
    throw cause instanceof OperatorError || cause instanceof GaveUp ? cause : changeFailed(change, cause);
  }
}

type Special = Exclude<Operation, SqlOperation>;

/** What carries out each kind of operation that is more than statements. */
const HANDLERS: {
  readonly [K in Special['kind']]: (operation: Extract<Special, { kind: K }>, execution: Execution) => Promise<void>;
} = {
  'create-slot': createSlot,
  'drop-slot': dropSlot,
  'rollback-prepared': rollbackPrepared,
  'attach-parameter-group': attachGroup,
  'reboot-writer': rebootWriter,
  'set-role-password': setRolePassword,
  'issue-ticket': issueTicket,
  'delete-ticket': removeTicket,
  'prove-continuity': proveContinuity,
  'move-sequences': moveSequences,
  'refresh-view': refreshView,
  'follow-roles': followRoles,
  'copy-large-objects': copyLargeObjects,
  'make-table': makeTable,
  'attach-partition': attachPartition,
  'give-copy-rights': (operation, execution) => giveCopyRights(operation, execution, (one) => runSql(one, execution)),
  'renew-table': renewTable,
  'copy-tables': copyTables,
  'settle-tables': settleTables,
  'unpublish-table': unpublishTable,
  'leave-tables': leaveTables,
  'follow-renames': followRenames,
  drain,
  'hold-stream': holdStream,
  'skip-transaction': skipTransaction,
  'mend-rows': mendRows,
  'compare-mended': compareMended,
  'connect-anew': (operation, execution) => connectAnew(operation, execution, (one) => runSql(one, execution)),
};

function run({ operation }: Change, execution: Execution): Promise<void> {
  if (operation.kind === 'sql') return runSql(operation, execution);
  // The compiler does not see that the handler of its kind takes it.
  const handler = HANDLERS[operation.kind] as (operation: Special, execution: Execution) => Promise<void>;
  return handler(operation, execution);
}

/** Guards of the same place run inside the transaction, where there is one; those of the other side right before it. */
async function runSql(operation: SqlOperation, execution: Execution): Promise<void> {
  const session = await execution.writer(operation.place);
  const inside = operation.guards.filter((guard) => samePlace(guard.place, operation.place));
  for (const guard of operation.guards.filter((other) => !inside.includes(other))) {
    await uphold(await execution.writer(guard.place), guard);
  }
  const alter = async (): Promise<void> => {
    for (const statement of operation.statements) await send(session, statement);
  };
  const work = async (): Promise<void> => {
    for (const guard of inside) await uphold(session, guard);
    const alone = operation.alone === true || !operation.statements.some(({ text }) => ALTERS.test(text));
    await (alone ? alter() : tellingOwn(session, execution.connections.contracts.source.environment, alter));
    for (const guard of operation.afterwards ?? []) await uphold(session, guard);
  };
  await namingWaits(operation.place, session, execution, () =>
    operation.alone === true ? work() : session.transaction(work),
  );
}

/** Also where the statement is put together on the server; see resources/secret-statement.ts. */
const ALTERS = /\bALTER SUBSCRIPTION\b/;

/** How long an apply worker that was disabled may go on: it ends once it has looked, after what it is in the middle of. */
const TOO_EARLY_MS = 60_000;

async function send(session: Session, { text, values, tooEarly }: Statement): Promise<void> {
  let refused: unknown;
  const once = async (): Promise<true | null> => {
    try {
      // Where statements and guards are planned, the property that holds their text is looked at.
      // eslint-disable-next-line local/safe-sql
      await session.query(text, values);
      return true;
    } catch (error) {
      if (tooEarly === undefined || (error as { code?: string }).code !== tooEarly) throw error;
      refused = error;
      return null;
    }
  };
  if ((await waitFor(once, TOO_EARLY_MS)) === null) throw refused;
}

const shownValue = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function samePlace(a: Place, b: Place): boolean {
  return a.side === b.side && a.database === b.database;
}

async function uphold(session: Session, guard: Guard): Promise<void> {
  // eslint-disable-next-line local/safe-sql
  const [row] = await session.query<{ ok: boolean | null } & Record<string, unknown>>(guard.sql, guard.values);
  if (row?.ok === true) return;
  const { ok: _, ...facts } = row ?? { ok: null };
  const shown = Object.entries(facts).map(([name, value]) => `${name} = ${shownValue(value)}`);
  const { seen } = guard.refusal;
  throw new OperatorError({ ...guard.refusal, seen: shown.length === 0 ? seen : `${seen} (${shown.join(', ')})` });
}
