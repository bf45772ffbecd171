/**
 * What the stacks make, deployed by the real terraform. Each takes a minute of a processor, and holds what changes seldom:
 * `npm run test:deploys`.
 *
 * @type {import('jest').Config}
 */
module.exports = { ...require('./jest.config.js'), testMatch: ['**/*.deploy.ts'] };
