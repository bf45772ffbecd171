import { runChecks } from '../../../sql-runner/checks/preflight';
import { edit } from '../support/observations';
import { healthy } from '../support/surveys';
import { contract, unconnected } from './provocations';

test('of a role that is not ours nothing is advised, and nothing is said to be well', () => {
  const world = edit(healthy(contract), (draft) => {
    unconnected(draft);
    const master = { comment: null, name: 'app_owner', allPowerful: true, memberOfRdsIam: true, connectionLimit: 0 };
    Object.assign(draft.source.role!, master, {
      passwordExpires: '2030-01-01T00:00:00Z',
      memberOfRdsReplication: false,
    });
    Object.assign(draft.source, { login: 'app_owner' });
    Object.assign(draft.source.privileges, { manageRole: false, createRoles: false, rdsSuperuser: true });
    draft.source.databases.shop!.connectGrant.mayConnect = false;
    draft.source.databases.shop!.senderSettings = [{ name: 'wal_sender_timeout', value: '0', from: 'server' }];
  });
  const outcomes = runChecks(world.contract, world);
  expect(outcomes.flatMap(({ findings }) => findings ?? [])).toEqual([]);
  const unjudged = outcomes.filter(({ check, findings }) => check.side === 'source' && findings === null);
  expect(unjudged.map(({ check }) => check.code)).toEqual([
    'ROLE_CONNECTIONS_TOO_FEW',
    'ROLE_NOT_MANAGEABLE',
    'ROLE_NEEDS_IAM',
    'ROLE_CANNOT_REPLICATE',
    'ROLE_CANNOT_CONNECT',
    'ROLE_PASSWORD_EXPIRES',
    'ROLE_TOO_POWERFUL',
    'SENDER_WAITS_FOREVER',
  ]);
});
