import { refusalOf, type DirectLab } from './direct-lab';

/** What apply can put right of a stream, beside what it cannot: a publication that belongs to another role. */
export async function notOwned(
  world: DirectLab,
  asAdmin: (side: 'source', ...statements: string[]) => Promise<unknown>,
): Promise<void> {
  const owner = world.lab.sourceConnection('shop').user!;
  const give = (to: string) => asAdmin('source', `ALTER PUBLICATION acas_demo_shop OWNER TO ${to}`);
  await asAdmin('source', 'CREATE ROLE newowner', 'ALTER ROLE acas_demo NOLOGIN');
  await give('newowner');
  expect((await world.plan()).changes).not.toEqual([]);
  expect(await refusalOf(world.run('apply'))).toMatch(/^(PUBLICATION_NOT_OWNED|CONTINUITY_NOT_PROVEN)$/);
  await give(owner);
}
