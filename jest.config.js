/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/run/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/test/before-all.ts',
  globalTeardown: '<rootDir>/test/after-all.ts',
  testSequencer: '<rootDir>/test/run/slowest-first.js',
  // Twice the cores that it has to do with: tests on real servers wait much of the time.
  maxWorkers: 4,
  // For what hangs without being waited for; see test/support/patience.ts.
  testTimeout: 600_000,
};
