import { randomUUID } from 'node:crypto';
import { subscriptionConninfo } from '../../../sql-runner/connections/subscription-conninfo';
import { redact } from '../../../sql-runner/explain/redaction';
import { sourceContract } from '../support/contract';

test('the password in a conninfo is known as a secret, wherever the login came from', () => {
  // One that nothing has seen before: what is a secret once is one for good.
  const password = randomUUID();
  const conninfo = subscriptionConninfo(sourceContract(), { username: 'acas_demo', password }, 'shop');
  expect(conninfo).toContain(password);
  expect(redact(`could not connect: ${conninfo}`)).not.toContain(password);
});
