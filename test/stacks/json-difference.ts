/** Where two JSON values differ: paths of what was changed, added (`+`) or removed (`-`), down to the smallest part. */
export function jsonDifference(one: unknown, other: unknown, path = ''): string[] {
  if (one === other) return [];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return [path];
  if (Array.isArray(one) !== Array.isArray(other)) return [path];
  const [before, after] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const below = path === '' ? key : `${path}.${key}`;
    if (!(key in before)) return [`+${below}`];
    if (!(key in after)) return [`-${below}`];
    return jsonDifference(before[key], after[key], below);
  });
}
