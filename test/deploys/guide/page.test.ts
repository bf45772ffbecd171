import { readFileSync } from 'node:fs';
import { GUIDE, readPage } from './page';

const FILE = '```yaml\nname: dev\n```\n';
const BLOCK = '```sh\nnpm test\n```\n\n```text\nwell\n```\n';

test('each step of the page has a way out, and no block is of a kind that nobody carries out', () => {
  const page = readPage();
  expect([...page.steps.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...page.waysOut.keys()]).toEqual([...page.steps.keys()]);
  const languages = [...readFileSync(GUIDE, 'utf8').matchAll(/^\s*(?:```|~~~)(\w+)$/gm)].map(
    ([, language]) => language,
  );
  expect(new Set(languages)).toEqual(new Set(['sh', 'text', 'yaml']));
  expect(languages.filter((language) => language === 'sh')).toHaveLength(page.commands.length);
});

test('the page has each command of the way, in this order', () => {
  const lines = readPage().commands.flatMap((commands) => commands.trim().split('\n'));
  const way = [
    'npm run -s synth',
    'npm run -s iam -- dev',
    'git commit -q -m "Describe environment dev"',
    'npm run -s stacks:fresh',
    'npx cdktf deploy dev-source',
    'npx cdktf deploy dev-target',
    'npx sql-runner doctor dev',
    'npx sql-runner plan dev --out dev.plan.json',
    'npx sql-runner apply dev.plan.json --allow-reboot',
    'npx cdktf deploy dev-target',
    'npx sql-runner apply connect.plan.json',
    'npx sql-runner status dev',
    'npx sql-runner verify dev',
  ];
  let at = 0;
  for (const command of way) {
    const found = lines.indexOf(command, at);
    expect({ command, found: found >= 0 }).toEqual({ command, found: true });
    at = found + 1;
  }
});

test('a step and its way out, in their order', () => {
  const { steps, waysOut, commands } = readPage(
    `${FILE}## 1. First\n\n${BLOCK}\n<!-- by hand: the key -->\n\nSee [back out of step 1](#back-out-of-step-1).\n\n` +
      `### Back out of step 1\n\n${BLOCK}\nThen [back out of step 2](#back-out-of-step-2).\n`,
  );
  const block = { kind: 'commands', commands: 'npm test\n', expected: 'well\n' };
  expect(steps.get(1)).toEqual([block, { kind: 'by hand', what: 'the key' }]);
  expect(waysOut.get(1)).toEqual([block, { kind: 'way out', of: 2 }]);
  expect(commands).toHaveLength(2);
});

test.each([
  ['a block without what it prints', `${FILE}## 1. First\n\n\`\`\`sh\nnpm test\n\`\`\`\n\nSo it is.\n`, 'does not say'],
  ['a block where nobody comes to', `${FILE}## More\n\n${BLOCK}`, 'nobody would carry out'],
  ['no environment', `## 1. First\n\n${BLOCK}`, 'no environment file'],
])('it refuses %s', (_, text, said) => expect(() => readPage(text)).toThrow(said));
