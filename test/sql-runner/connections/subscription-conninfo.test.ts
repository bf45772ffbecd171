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

test('the file of authorities is one value, whatever its name has in it', () => {
  const contract = sourceContract();
  const sslRootCert = `/rds data/it's' sslmode='disable' host='evil\\`;
  const replication = { ...contract.replication, sslRootCert };
  const conninfo = subscriptionConninfo({ ...contract, replication }, { username: 'acas_demo', password: 'p' }, 'shop');
  expect(conninfo).toContain(
    ` sslrootcert='/rds data/it\\'s\\' sslmode=\\'disable\\' host=\\'evil\\\\' keepalives_idle=`,
  );
  // Outside of quotes there is one of each.
  const outside = conninfo.replaceAll(/'(?:[^'\\]|\\.)*'/g, '');
  expect(outside.split(' ').filter((key) => key === 'sslmode=' || key === 'host=')).toEqual(['host=', 'sslmode=']);
});
