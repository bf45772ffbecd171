import { Connections } from '../../../../sql-runner/connections/connections';
import { setRolePassword } from '../../../../sql-runner/execute/operations/role-password';
import { redact } from '../../../../sql-runner/explain/redaction';
import { inWorld, newWorld } from '../../support/fake-world';
import { following } from '../../support/observations';

test('the verifier that stands for a password is known as a secret from then on', async () => {
  const world = newWorld(following);
  const startups: string[] = [];
  world.onSql = (sql, { options }) => {
    if (sql.includes('ALTER ROLE')) startups.push(options);
    return undefined;
  };
  await inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    const place = { side: 'source', database: 'shop' } as const;
    const execution = {
      connections,
      listener: () => undefined,
      interrupted: () => false,
      writer: () => connections.reader(place),
    };
    const { role, secretArn } = world.contract.replication;
    try {
      await setRolePassword({ kind: 'set-role-password', place, role, secretArn, version: 'v'.repeat(32) }, execution);
    } finally {
      await connections.close();
    }
  });
  expect(startups).toEqual([expect.stringContaining('SCRAM-SHA-256$')]);
  expect(redact(startups[0]!)).not.toContain('SCRAM-SHA-256$');
});
