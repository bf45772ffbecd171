import { proveContinuity } from '../../../../sql-runner/execute/operations/prove-continuity';
import { answering } from '../../support/answering';
import { executing } from '../../support/executing';
import { PROOF } from '../../support/proof';

jest.mock('../../../../sql-runner/verify/verify-tables', () => ({
  verifyTables: async () => [
    { schema: 'public', name: 'orders', status: 'unsupported', code: 'VERIFY_GAVE_WAY' },
    { schema: 'public', name: 'customers', status: 'equal' },
  ],
}));

test('a table whose reading gave way proves nothing, and verify need not be asked why', async () => {
  const world = answering({});
  const proof = executing(world, (execution) => proveContinuity(PROOF, execution));
  await expect(proof).rejects.toMatchObject({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: 'database shop: 1 table is not equal on both sides: public.orders unsupported (VERIFY_GAVE_WAY)',
  });
  expect(world.log.filter((line) => /COMMENT ON SUBSCRIPTION/.test(line))).toEqual([]);
});
