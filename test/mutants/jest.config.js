const { join } = require('node:path');
const base = require('../../jest.config');

module.exports = {
  ...base,
  rootDir: join(__dirname, '../..'),
  testMatch: ['**/test/mutants/shard.run.ts'],
  testTimeout: 60 * 60_000,
};
