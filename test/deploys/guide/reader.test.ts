import { spawnSync } from 'node:child_process';
import { readPage } from './page';
import { Reader } from './reader';

/** A page is followed as it stands, and whatever is untrue or left out of it is found. */

const block = (commands: string, expected: string): string =>
  `\`\`\`sh\n${commands}\n\`\`\`\n\n\`\`\`text\n${expected}\n\`\`\`\n\n`;
const page = (second: string) =>
  readPage(
    '```yaml\nname: dev\n```\n\n' +
      `## 1. First\n\n${block('echo one', 'one')}<!-- by hand: the key -->\n\n${second}` +
      `### Back out of step 1\n\n${block('echo out', 'out')}` +
      `## 2. Second\n\n### Back out of step 2\n\n${block('echo further', 'further')}[back out of step 1](#back-out-of-step-1)\n`,
  );
const bash = {
  run: (commands: string) => {
    const { status, stdout } = spawnSync('bash', ['-ec', commands], { encoding: 'utf8' });
    return Promise.resolve({ exitCode: status, printed: stdout });
  },
};
const byHand = jest.fn(() => Promise.resolve());

test('what is true is carried out, in order, and so is what others do', async () => {
  const guide = page(block('echo two; echo three', '…\nthree'));
  const reader = new Reader(guide, bash, byHand);
  await reader.follow(1, 2);
  expect([...reader.carriedOut]).toEqual(['echo one\n', 'echo two; echo three\n']);
  expect(byHand).toHaveBeenCalledWith('the key', 'one\n');
  await reader.backOut(2);
  expect(reader.lies).toEqual([]);
  expect(guide.commands.filter((commands) => !reader.carriedOut.has(commands))).toEqual([]);
  expect(reader.times().match(/^ +\d+\.\d s {2}echo \w+/gm)).toHaveLength(4);
});

test('a line that is not printed is a lie, and does not end the walk', async () => {
  const reader = new Reader(page(block('echo two', 'three') + block('echo four', 'four')), bash, byHand);
  await reader.follow(1, 1);
  expect(reader.lies).toEqual([expect.stringContaining('not printed:\nthree\n\nstep 1\n\necho two')]);
  expect([...reader.carriedOut]).toContain('echo four\n');
});

test('a command that fails ends it, and a block that nobody came to is missing', async () => {
  const guide = page(block('false\necho two', 'two'));
  const reader = new Reader(guide, bash, byHand);
  await expect(reader.follow(1, 1)).rejects.toThrow(/^Ended with 1: step 1/);
  await reader.backOut(1);
  const missing = guide.commands.filter((commands) => !reader.carriedOut.has(commands));
  expect(missing).toEqual(['false\necho two\n', 'echo further\n']);
});

test('a step that the page has not is no step', async () => {
  await expect(new Reader(page(''), bash, byHand).follow(2, 3)).rejects.toThrow('the page has not step 3');
});
