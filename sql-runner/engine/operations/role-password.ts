import { randomBytes } from 'node:crypto';
import { readLogin, writeLogin } from '../../aws/secrets';
import { dollarQuote } from '../../postgres/dollar-quote';
import { quoteLiteral } from '../../postgres/quoting';
import { scramVerifier } from '../../postgres/scram';
import type { Operation } from '../change';
import type { Execution } from '../execute';

/**
 * The secret first, then the role: a run that dies in between leaves a password
 * that does not work yet, which the next run sees and sets. The server only ever
 * gets the SCRAM verifier, as a parameter.
 */
export async function setRolePassword(operation: Extract<Operation, { kind: 'set-role-password' }>, execution: Execution): Promise<void> {
  const clients = execution.connections.sourceAccount;
  let login = await readLogin(clients, operation.secretArn);
  if (login === null || login.username !== operation.role) {
    login = { username: operation.role, password: randomBytes(30).toString('base64url') };
    await writeLogin(clients, operation.secretArn, login);
  }
  const verifier = scramVerifier(login.password);
  const body = `BEGIN
  EXECUTE format('ALTER ROLE %I PASSWORD %L', ${quoteLiteral(operation.role)}, current_setting('acas.verifier'));
EXCEPTION WHEN OTHERS THEN
  RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
END`;
  const session = await execution.writer(operation.place);
  await session.transaction(async () => {
    await session.query(`SELECT set_config('acas.verifier', $1, true)`, [verifier]);
    await session.query(`DO ${dollarQuote(body)}`);
  });
}
