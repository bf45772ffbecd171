import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorsBelow } from '../../docs/generate/error-sources';

const PROJECT = join(__dirname, '..', '..');
const inFolder = (folder: string): string[] =>
  readdirSync(join(PROJECT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const documents = [...inFolder('.'), ...inFolder('docs'), ...inFolder('docs/adr'), ...inFolder('docs/guides')];
const read = (document: string): string => readFileSync(join(PROJECT, document), 'utf8');

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (document: string): string[] =>
  [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text ?? ''));

test.each(documents)('every link of %s within the project leads somewhere', (document) => {
  const broken = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^https?:/.test(link)) return [];
    const [path = '', fragment] = link.split('#');
    const target = path === '' ? document : join(dirname(document), path);
    if (!existsSync(join(PROJECT, target))) return [link];
    return fragment === undefined || anchorsOf(target).includes(fragment) ? [] : [link];
  });
  expect(broken).toEqual([]);
});

test.each(['README.md', 'ARCHITECTURE.md', 'docs/adding-a-check.md', 'docs/adding-a-resource.md'])(
  'every source file that %s names exists',
  (document) => {
    const named = [...read(document).matchAll(/`([\w-]+\/[\w./-]+\.(?:ts|mjs|yaml))`/g)].map(([, path]) => path ?? '');
    const missing = named.filter(
      (path) => !['', 'sql-runner', 'cdktf.out'].some((root) => existsSync(join(PROJECT, root, path))),
    );
    expect({ some: named.length > 0 || document === 'README.md', missing }).toEqual({ some: true, missing: [] });
  },
);

test('every file that is named alone on the page about checks is one of the checks or their tests', () => {
  const named = [...read('docs/adding-a-check.md').matchAll(/`([\w-]+(?:\.test)?\.ts)`/g)].map(
    ([, file]) => file ?? '',
  );
  expect(named.length).toBeGreaterThan(5);
  const homes = [join('sql-runner', 'checks'), join('test', 'sql-runner', 'checks')];
  expect(named.filter((file) => !homes.some((home) => existsSync(join(PROJECT, home, file))))).toEqual([]);
});

test('every error code that the guide explains is one that can occur', () => {
  const known = new Set(
    ['environments', 'errors', 'cost', 'sql-runner', 'pull-requests', 'lab']
      .flatMap(errorsBelow)
      .map(({ code }) => code),
  );
  const guide = read('README.md');
  const named = [...guide.slice(guide.indexOf('## Troubleshooting')).matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g)].map(
    ([, code]) => code ?? '',
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((code) => !known.has(code) && code !== 'NO_COLOR' && code !== 'PGSSLROOTCERT')).toEqual([]);
});
