import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { quickTests } from '../mutants/quick-tests';

/** `npm run test:unit`: every test that starts neither a server nor a process, told by what it imports. */
const ROOT = join(__dirname, '..', '..');
const args = [
  '--max-semi-space-size=64', // as for `npm test`
  join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
  '--runTestsByPath',
  ...quickTests(ROOT, ['test']),
  ...process.argv.slice(2),
];
const jest = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
jest.on('close', (exitCode) => (process.exitCode = exitCode ?? 1));
