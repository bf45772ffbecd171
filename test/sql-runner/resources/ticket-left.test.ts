import { OperatorError } from '../../../errors/operator-error';
import { ticketLeft } from '../../../sql-runner/resources/ticket-left';
import { sourceContract } from '../support/contract';

const contract = sourceContract();

test('a ticket that cannot be read stays, and is told with what kept it from being read and what comes after', () => {
  const cause = new OperatorError({ code: 'AWS_CREDENTIALS', seen: 'no login', why: 'w', next: 'log in' });
  expect(ticketLeft(contract, cause)).toMatchObject({
    code: 'TICKET_LEFT',
    severity: 'warn',
    seen: expect.stringMatching(/^whether SSM parameter \S+\/demo\/clone-ticket .* stays: AWS_CREDENTIALS: no login$/),
    next: 'log in; afterwards sql-runner teardown demo deletes it',
  });
});

test('a defect of ours is not taken for a ticket that stays', () => {
  const defect = new TypeError('x is undefined');
  expect(() => ticketLeft(contract, defect)).toThrow(defect);
});
