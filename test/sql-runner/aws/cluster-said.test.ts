import type { AccountClients } from '../../../sql-runner/aws/clients';
import { whatRdsSays } from '../../../sql-runner/aws/cluster-said';

/** An account that answers so, or fails so. */
const account = (answer: object | Error): AccountClients => {
  const send = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  return { accountId: '222222222222', rds: { send } } as unknown as AccountClients;
};
const failing = (name: string) => account(Object.assign(new Error('no'), { name }));
const writer = [{ DBInstanceIdentifier: 'clone-1', IsClusterWriter: true }];

test.each([
  ['stopped', { Status: 'stopped', DBClusterMembers: writer }, 'RDS says that cluster clone is stopped'],
  ['without a writer', { Status: 'available' }, 'RDS says that cluster clone is available and has no writer'],
  ['of no state', { DBClusterMembers: writer }, 'RDS says that cluster clone is in a state it does not name'],
])('the word of RDS on a cluster %s', async (_, cluster, said) => {
  expect(await whatRdsSays(account({ DBClusters: [cluster] }), 'clone')).toBe(said);
});

test.each([
  ['that is not listed', account({}), 'RDS knows no cluster clone in account 222222222222'],
  ['that was deleted', failing('DBClusterNotFoundFault'), 'RDS knows no cluster clone in account 222222222222'],
  ['that may not be asked for', failing('AccessDenied'), 'what RDS says of it is not known (AWS_ACCESS_DENIED)'],
  ['when nobody answers', failing('TimeoutError'), 'what RDS says of it is not known (AWS_UNREACHABLE)'],
])('and of one %s', async (_, of, said) => {
  expect(await whatRdsSays(of, 'clone')).toBe(said);
});
