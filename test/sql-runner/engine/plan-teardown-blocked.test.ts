import { block } from '../../../sql-runner/engine/change';
import { isBlocked } from '../../../sql-runner/engine/plan';
import { planTeardown } from '../../../sql-runner/engine/plan-teardown';
import * as parameterGroup from '../../../sql-runner/resources/parameter-group';
import { sourceContract } from '../support/contract';
import { following } from '../support/observations';

const contract = sourceContract();

jest.mock('../../../sql-runner/resources/parameter-group', () => {
  const actual = jest.requireActual<typeof parameterGroup>('../../../sql-runner/resources/parameter-group');
  return { ...actual, planParameterGroupRestore: jest.fn(actual.planParameterGroupRestore) };
});

test('what blocks the last step keeps the others from being begun', () => {
  const finding = { code: 'X', seen: 's', why: 'w', next: 'n' };
  jest.mocked(parameterGroup.planParameterGroupRestore).mockReturnValueOnce(block(finding));
  const plan = planTeardown(contract, following(contract));
  expect(plan).toMatchObject({ changes: [], nextStep: null, findings: [{ ...finding, severity: 'block' }] });
  expect(isBlocked(plan)).toBe(true);
});
