import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Connections } from '../../../sql-runner/connections/connections';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';

test("each side's login is read in its own account, and both accounts are let go of in the end", async () => {
  const world = newWorld(following);
  await inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    const destroyed = [connections.sourceAccount, connections.targetAccount].map((account) =>
      jest.spyOn(account, 'destroy'),
    );
    await connections.reader({ side: 'source', database: 'shop' });
    await connections.reader({ side: 'target', database: 'shop' });
    const askedOf = jest.mocked(SecretsManagerClient.prototype.send).mock.contexts;
    expect(askedOf).toHaveLength(2);
    expect(askedOf[0]).toBe(connections.sourceAccount.secrets);
    expect(askedOf[1]).toBe(connections.targetAccount.secrets);
    expect(destroyed.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    await connections.close();
    expect(destroyed.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect(world.open.size).toBe(0);
  });
});
