import { decide, leavesDoubt, oneStatement, readDdl, refuse } from '../actions/ddl';
import { exitCode } from '../../errors/exit-codes';
import { OperatorError } from '../../errors/operator-error';
import { openConnections, openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { ddlStatementText, ddlText } from '../render/ddl-text';
import type { DdlShown } from '../model/ddl';
import { confirmed } from './confirm';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export type DdlAction = 'list' | 'show' | 'apply' | 'skip';

export interface DdlOptions extends CommonOptions {
  readonly database?: string;
  /** Statements that list shows. */
  readonly limit: number;
  readonly autoApprove: boolean;
  /** Seconds. */
  readonly timeout: number;
}

export async function ddl(
  action: DdlAction,
  environment: string,
  number: number | null,
  options: DdlOptions,
): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  if (action === 'list') {
    const list = await readDdl(openToLook, contracts, options.limit);
    output.out(options.json ? jsonDocument(list) : ddlText(list, output.style));
    return exitOf(list.databases.flatMap(({ statements }) => statements));
  }
  const chosen = { number: numbered(environment, action, number), database: options.database ?? null };
  const { of, one } = await oneStatement(openToLook, contracts, chosen);
  const list = (now: DdlShown) => ({ environment, databases: [{ ...of, statements: [now] }] });
  if (action === 'show') {
    output.out(options.json ? jsonDocument(list(one)) : ddlStatementText(of, one, output.style));
    return exitOf([one]);
  }
  refuse(environment, of, one, action);
  if (!options.autoApprove) {
    output.log(ddlStatementText(of, one, output.style));
    const question = action === 'apply' ? 'Carry it out on the clone as it stands here?' : 'Leave it out on the clone?';
    if (!(await confirmed(question))) return exitCode('error');
  }
  const now = await decide(
    openConnections,
    contracts,
    { ...chosen, database: of.database },
    action,
    options.timeout * 1_000,
  );
  output.out(options.json ? jsonDocument(list(now)) : ddlStatementText(of, now, output.style));
  if (leavesDoubt(now, action))
    output.log(`Rows may differ by it. What compares every row: sql-runner apply ${environment}`);
  return exitOf([now]);
}

/** Where the stream stands somebody has to decide; what is only waiting may come by itself. */
function exitOf(statements: readonly DdlShown[]): number {
  return exitCode(statements.some(({ state }) => state === 'stopped') ? 'blocked' : 'done');
}

function numbered(environment: string, action: DdlAction, number: number | null): number {
  if (number !== null) return number;
  throw new OperatorError({
    code: 'DDL_NOT_KNOWN',
    seen: `ddl ${action} was given no number of a statement`,
    why: 'it is about one statement',
    next: `see their numbers: sql-runner ddl list ${environment}`,
  });
}
