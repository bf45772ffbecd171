/** The two sides of a change, what of them is secret, and what is not known before the apply. */
export interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  /** `true`, or a tree of the shape of the value with `true` in it. */
  readonly secretBefore: unknown;
  readonly secretAfter: unknown;
}

const LONGEST = 80;

/**
 * One line for each attribute that changes. `terraform show -json` holds secrets in plain text beside a mark that they
 * are some (terraform show, "Note"): what is marked on either side, or stands below something marked, is never shown.
 */
export function attributeChanges(sides: Sides, path = ''): string[] {
  const { before, after, unknown, secretBefore, secretAfter } = sides;
  if (secretBefore === true || secretAfter === true) {
    const same = unknown !== true && JSON.stringify(before) === JSON.stringify(after);
    return same ? [] : [`${path}: (sensitive)`];
  }
  if (unknown === true) return [`${path}: ${shown(before)} -> (known after apply)`];
  if (isTree(before) || isTree(after)) {
    const keys = new Set(
      [before, after, unknown, secretAfter].flatMap((tree) => (isTree(tree) ? Object.keys(tree) : [])),
    );
    return [...keys].flatMap((key) => {
      const below = Object.fromEntries(Object.entries(sides).map(([side, tree]) => [side, child(tree, key)]));
      return attributeChanges(below as unknown as Sides, path === '' ? key : `${path}.${key}`);
    });
  }
  return Object.is(before ?? null, after ?? null) ? [] : [`${path}: ${shown(before)} -> ${shown(after)}`];
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
const child = (tree: unknown, key: string): unknown =>
  isTree(tree) ? (tree as Record<string, unknown>)[key] : undefined;

function shown(value: unknown): string {
  const text = isTree(value) ? '(several)' : (JSON.stringify(value) ?? 'null');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
