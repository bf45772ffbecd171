import type { AccountClients } from '../../../sql-runner/aws/clients';
import { describeCluster, userParameters } from '../../../sql-runner/aws/cluster';
import { readLogin } from '../../../sql-runner/aws/secrets';
import { deleteTicket, readTicket } from '../../../sql-runner/aws/ticket-parameter';

/** Clients whose every call gets the next of the answers; an Error is thrown. */
function answering(...answers: (object | Error)[]): AccountClients {
  const service = {
    send: async () => {
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('one call too many');
      return answer;
    },
  };
  return {
    accountId: '222222222222',
    rds: service,
    secrets: service,
    parameters: service,
  } as unknown as AccountClients;
}

const failure = (name: string, message = 'm') => Object.assign(new Error(message), { name });
const ticket = {
  version: 1,
  environment: 'demo',
  nonce: '6f1d2c3b-0000-4000-8000-000000000001',
  issuedAt: '2026-01-02T03:04:05Z',
};

test.each<[string, object, unknown]>([
  [
    'a value',
    { SecretString: '{"username":"u","password":"p","engine":"postgres"}', VersionId: 'v1' },
    { username: 'u', password: 'p', version: 'v1' },
  ],
  ['no value yet', failure('ResourceNotFoundException'), null],
  ['no string', {}, null],
])('a secret with %s', async (_, answer, expected) => {
  expect(await readLogin(answering(answer), 'arn')).toEqual(expected);
});

test.each(['hunter2', '{"username":"u","pass":"hunter2"}', '["hunter2"]'])(
  'a malformed secret is reported without its content',
  async (text) => {
    const error = (await readLogin(answering({ SecretString: text }), 'arn').catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ code: 'SECRET_MALFORMED', seen: expect.stringContaining('arn') });
    expect(JSON.stringify(error) + error.message + String(error.cause)).not.toContain('hunter2');
  },
);

test.each<[string, object, unknown]>([
  ['there', { Parameter: { Value: JSON.stringify(ticket) } }, ticket],
  ['absent', failure('ParameterNotFound'), null],
])('a ticket that is %s', async (_, answer, expected) => {
  expect(await readTicket(answering(answer), '/p')).toEqual(expected);
});

test.each(['none', '{}', JSON.stringify({ ...ticket, version: 2 }), JSON.stringify({ ...ticket, nonce: 'short' })])(
  'a ticket that reads %s is refused',
  async (Value) => {
    await expect(readTicket(answering({ Parameter: { Value } }), '/p')).rejects.toMatchObject({
      code: 'TICKET_MALFORMED',
      seen: expect.stringContaining('/p'),
    });
  },
);

test('deleting a ticket that is gone is no error; being denied is', async () => {
  await deleteTicket(answering(failure('ParameterNotFound')), '/p');
  await expect(deleteTicket(answering(failure('AccessDeniedException')), '/p')).rejects.toMatchObject({
    code: 'AWS_ACCESS_DENIED',
  });
});

test.each([
  ['AccessDenied', 'AWS_ACCESS_DENIED'],
  ['ExpiredTokenException', 'AWS_CREDENTIALS'],
  ['CredentialsProviderError', 'AWS_CREDENTIALS'],
  ['TimeoutError', 'AWS_UNREACHABLE'],
  ['DBClusterNotFoundFault', 'AWS_NOT_FOUND'],
  ['InternalFailure', 'AWS_ERROR'],
])('%s becomes %s, with call and account', async (name, code) => {
  await expect(describeCluster(answering(failure(name)), 'demo')).rejects.toMatchObject({
    code,
    seen: `rds:DescribeDBClusters in account 222222222222 failed: ${name} (m)`,
  });
});

test('a cluster is described by its writer', async () => {
  const reader = { DBInstanceIdentifier: 'r', IsClusterWriter: false, DBClusterParameterGroupStatus: 'in-sync' };
  const writer = { DBInstanceIdentifier: 'w', IsClusterWriter: true, DBClusterParameterGroupStatus: 'pending-reboot' };
  const cluster = {
    Status: 'available',
    DBClusterParameterGroup: 'g',
    DbClusterResourceId: 'cluster-A',
    DBClusterMembers: [reader, writer],
  };
  expect(await describeCluster(answering({ DBClusters: [cluster] }), 'demo')).toEqual({
    status: 'available',
    parameterGroup: 'g',
    writer: 'w',
    resourceId: 'cluster-A',
    parameterGroupStatus: 'pending-reboot',
  });
  await expect(
    describeCluster(answering({ DBClusters: [{ ...cluster, Status: 'stopped', DBClusterMembers: [reader] }] }), 'demo'),
  ).rejects.toMatchObject({
    code: 'CLUSTER_WITHOUT_WRITER',
    seen: expect.stringContaining('is stopped'),
  });
});

test('parameters are read page by page', async () => {
  const page = (name: string, Marker?: string) => ({
    Parameters: [{ ParameterName: name, ParameterValue: '1' }, { ParameterName: 'unset' }],
    Marker,
  });
  expect([...(await userParameters(answering(page('a', 'next'), page('b')), 'g'))]).toEqual([
    ['a', '1'],
    ['b', '1'],
  ]);
});
