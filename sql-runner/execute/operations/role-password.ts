import { randomBytes } from 'node:crypto';
import { OperatorError } from '../../../errors/operator-error';
import { readLogin, writeLogin, type Login } from '../../aws/secrets';
import { quoteLiteral } from '../../postgres/text/quoting';
import { isPrintableAscii, scramVerifier } from '../../postgres/text/scram';
import { keepSecret } from '../../explain/redaction';
import { withSecret } from '../../resources/secret-statement';
import type { Operation } from '../../model/change';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';

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
  const alter = `format('ALTER ROLE %I PASSWORD %L', ${quoteLiteral(operation.role)}, current_setting('${VERIFIER_SETTING}'))`;
  const { text } = withSecret(alter, VERIFIER_SETTING);
  const verifier = scramVerifier(login.password);
  keepSecret(verifier);
  const settings = { [VERIFIER_SETTING]: verifier };
  const session = await execution.connections.open(operation.place, false, { settings });
  try {
    // Made of constants and quoted names, in resources/secret-statement.ts.
    // eslint-disable-next-line local/safe-sql
    await namingWaits(operation.place, session, execution, () => session.query(text));
  } finally {
    await session.close();
  }
  // Sessions on the clone were opened with the password of before. Those on the source hold the environment's
  // lock: without it another run would begin in the middle of this one.
  await execution.connections.closeSessions('target');
}

/** A secret that holds a password for this role keeps it, unless another one is asked for. */
async function storedLogin(
  operation: Extract<Operation, { kind: 'set-role-password' }>,
  execution: Execution,
): Promise<Login> {
  const clients = execution.connections.sourceAccount;
  const stored = await readLogin(clients, operation.secretArn);
  if (operation.fresh !== true && stored !== null && stored.username === operation.role)
    return usable(stored, operation.secretArn);
  const login = { username: operation.role, password: randomBytes(30).toString('base64url') };
  await writeLogin(clients, operation.secretArn, login, operation.version);
  return login;
}

/** An operator's own password may hold what scramVerifier cannot take; the text of it is never part of the error. */
function usable(login: Login, secretArn: string): Login {
  if (isPrintableAscii(login.password)) return login;
  throw new OperatorError({
    code: 'SECRET_MALFORMED',
    seen: `the password in secret ${secretArn} has characters other than letters, digits and punctuation of ASCII`,
    why: 'PostgreSQL and its clients do not agree on how to read other characters, so the clone might not be able to log in',
    next: 'store a password of printable ASCII characters in it, and run the same command again',
  });
}
