import { COLUMNS } from '../../verify-sweep/tables';
import { sweep } from '../../verify-sweep/sweep';

/** A sample of `npm run test:verify`. */
it('finds every planted fault and nothing else while writers run', async () => {
  const faults = { exchange: 8, rotation: 4, move: 4, bit: 6, missing: 2, extra: 3 };
  const result = await sweep({ seed: 1, tables: 9, width: 22, faults, cleanRuns: 1 });
  expect(result.wrong).toEqual([]);
  expect(result.planted).toEqual(faults);
  // A sample that leaves a type out would be a poor one.
  expect(COLUMNS.length).toBeLessThanOrEqual(9 * 22);
  expect(result.writes).toBeGreaterThan(10);
});
