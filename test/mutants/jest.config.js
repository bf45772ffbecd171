const { join } = require('node:path');
const base = require('../../jest.config');

module.exports = {
  ...base,
  globalSetup: undefined,
  globalTeardown: undefined,
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/mutants/*.run.ts'],
  // None: shares.ts ends what takes too long, and says so.
  testTimeout: 24 * 60 * 60_000,
};
