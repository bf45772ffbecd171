import { environmentJsonSchema } from '../../environments/json-schema';
import { changed } from './changed-settings';
import { jsonDifference } from './json-difference';
import { SETTING_PLACES } from './setting-places';
import { synthesize, synthesizeText } from './synthesized';

interface Node {
  readonly const?: unknown;
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
}

/** Every setting that has no settings below it, as docs/configuration.md names it. */
function settingsOf(node: Node, path = ''): string[] {
  if (node.const !== undefined) return [];
  if (node.oneOf !== undefined) return node.oneOf.flatMap((branch) => settingsOf(branch, path));
  if (node.items?.properties !== undefined) return settingsOf(node.items, `${path}[]`);
  if (node.properties === undefined) return [path];
  return Object.entries(node.properties).flatMap(([key, below]) =>
    settingsOf(below, path === '' ? key : `${path}.${key}`),
  );
}

test('every setting is in the table', () => {
  const settings = new Set(settingsOf(JSON.parse(environmentJsonSchema()) as Node));
  const told = new Set(SETTING_PLACES.map(({ setting }) => setting));
  // The name is in nearly every place; see below.
  expect([...settings].filter((setting) => !told.has(setting))).toEqual(['name']);
  expect([...told].filter((setting) => !settings.has(setting))).toEqual([]);
});

test.each(SETTING_PLACES)('$setting changes its places, and no other', ({ path, value, places, first = [] }) => {
  const difference = jsonDifference(synthesize(changed(...first)), synthesize(changed(...first, [path, value])));
  expect(difference.sort()).toEqual([...places].sort());
});

test('another name changes names, and nothing else', () => {
  const texts = ['quite-one', 'quite-two'].map((name) => Object.values(synthesizeText(changed(['name', name]))).join());
  // Names of streams end with a hash of the environment's name and the database's.
  const bare = (text: string) =>
    text.replaceAll(/quite([-_])(one|two)/g, 'quite$1name').replaceAll(/(acas_quite_name_\w+)_[0-9a-f]{8}/g, '$1');
  expect(texts[0]).not.toBe(texts[1]);
  expect(bare(texts[0]!)).toBe(bare(texts[1]!));
});
