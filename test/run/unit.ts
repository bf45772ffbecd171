import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { quickTests } from '../mutants/quick-tests';

/** `npm run test:unit`: every test that starts neither a server nor a process, told by what it imports. */
const ROOT = join(__dirname, '..', '..');
const args = ['--runTestsByPath', ...quickTests(ROOT, ['test']), ...process.argv.slice(2)];
const jest = spawn(process.execPath, [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
  cwd: ROOT,
  stdio: 'inherit',
});
jest.on('close', (exitCode) => (process.exitCode = exitCode ?? 1));
