import { isConnectionLoss } from '../../../sql-runner/postgres/connect-errors';

const error = (code: string | undefined, severity?: string, message = 'x') =>
  Object.assign(new Error(message), { code, severity });

test.each([
  ['the server was shut down', error('57P01', 'FATAL'), true],
  ['the socket was reset', error('ECONNRESET'), true],
  ['pg gave up', error(undefined, undefined, 'Connection terminated unexpectedly'), true],
  ['a statement failed', error('42P01', 'ERROR'), false],
  ['a subscription could not reach its publisher', error('08006', 'ERROR'), false],
  ['the driver lost the protocol', error('08P01'), true],
])('%s', (_, cause, expected) => {
  expect(isConnectionLoss(cause)).toBe(expected);
});
