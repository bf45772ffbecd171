/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/test/before-all.ts',
  // Every advice is carried out, which only a whole run can tell.
  globalTeardown: '<rootDir>/test/advice/whole-run.ts',
  // One more than the two cores that it has to do with: tests on real servers wait much of the time.
  maxWorkers: 3,
  testTimeout: 60_000,
};
