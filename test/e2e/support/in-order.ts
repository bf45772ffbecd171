/**
 * Tests that are stages of one run: after one has failed the rest fail at once and say so, instead of failing each
 * in its own confusing way.
 */
export function stagesInOrder(): (name: string, body: () => Promise<void> | void) => void {
  let failed: string | undefined;
  return (name, body) => {
    test(name, async () => {
      if (failed !== undefined) throw new Error(`Not reached, because this failed: ${failed}`);
      failed = name;
      await body();
      failed = undefined;
    });
  };
}
