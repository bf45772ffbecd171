import { randomBytes } from 'node:crypto';
import { readLogin, writeLogin, type Login } from '../../aws/secrets';
import { dollarQuote } from '../../postgres/dollar-quote';
import { quoteLiteral } from '../../postgres/quoting';
import { scramVerifier } from '../../postgres/scram';
import type { Operation } from '../change';
import type { Execution } from '../execution';

const VERIFIER_SETTING = 'acas.verifier';

/**
 * The secret first, then the role: a run that dies in between leaves a password
 * that does not work yet, which the next run sees and sets. The server only ever
 * gets the SCRAM verifier, and that as a setting of a session of its own.
 */
export async function setRolePassword(
  operation: Extract<Operation, { kind: 'set-role-password' }>,
  execution: Execution,
): Promise<void> {
  const login = await storedLogin(operation, execution);
  const body = `BEGIN
  EXECUTE format('ALTER ROLE %I PASSWORD %L', ${quoteLiteral(operation.role)}, current_setting('${VERIFIER_SETTING}'));
EXCEPTION WHEN OTHERS THEN
  RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
END`;
  const settings = { [VERIFIER_SETTING]: scramVerifier(login.password) };
  const session = await execution.connections.open(operation.place, false, { settings });
  try {
    await session.query(`DO ${dollarQuote(body)}`);
  } finally {
    await session.close();
  }
  // Sessions on the clone were opened with the password of before.
  await execution.connections.closeSessions();
}

/** A secret that holds a password for this role keeps it. */
async function storedLogin(
  operation: Extract<Operation, { kind: 'set-role-password' }>,
  execution: Execution,
): Promise<Login> {
  const clients = execution.connections.sourceAccount;
  const stored = await readLogin(clients, operation.secretArn);
  if (stored !== null && stored.username === operation.role) return stored;
  const login = { username: operation.role, password: randomBytes(30).toString('base64url') };
  await writeLogin(clients, operation.secretArn, login);
  return login;
}
