import type { DirectLab } from './direct-lab';

/** A reset that dies after its first change, after its second, and so on; carried on by reset or by apply. */
export async function dieAfterEach(world: DirectLab, between: (deaths: number) => Promise<unknown>): Promise<void> {
  const seen = new Set<string>();
  for (let deaths = 1; ; deaths += 1) {
    const done = await world.runAndDie(deaths === 1 || deaths % 2 === 0 ? 'reset' : 'apply', deaths);
    done.forEach((id) => seen.add(id));
    if (done.length < deaths || done.at(-1) === 'source/clone-ticket') break;
    await between(deaths);
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'source/shop/retired-publication/acas_demo_shop',
      'source/retired-ticket',
      'target/shop/subscription/acas_demo_shop',
      'source/shop/retired-slot/acas_demo_shop',
      'source/shop/slot/acas_demo_shop',
      'source/clone-ticket',
    ]),
  );
}
