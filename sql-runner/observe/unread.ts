/**
 * Facts of which some were not read. What was not read is not "nothing": whoever asks for it would judge what nobody
 * looked at, so that is a mistake in the code, and fails.
 *
 * @param perhaps names of those that are unread unless they are among the facts
 */
export function withUnread<T extends object>(facts: Partial<T>, perhaps: readonly (keyof T)[]): T {
  const all = { ...facts } as T;
  for (const name of perhaps.filter((one) => !(one in facts)))
    Object.defineProperty(all, name, {
      get: () => {
        throw new Error(`${String(name)} was not read`);
      },
    });
  return all;
}
