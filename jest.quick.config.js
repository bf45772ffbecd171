/**
 * `npm test`: all that takes a few seconds, and of the runs on the lab the whole path from the first plan to the teardown,
 * in ten minutes on two cores. `npm run test:whole` has the rest as well, and takes most of an hour.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...require('./jest.config.js'),
  testPathIgnorePatterns: [
    '/node_modules/',
    // Each is a lab of its own, with an accident or a change of production in it.
    '/test/e2e/(?!rollout|streams|ddl-check)',
    // What an operator is asked to do in every accident that the lab knows.
    '/test/lab/operators/',
    // Judges of judges.
    '/test/ddl-judge/',
    '/test/ddl-corpus/',
    // What is built: it takes as long as all that it is built of.
    '/test/image/',
    '/test/sql-runner/bundle',
    '/test/stacks/(main|setting-places)\\.test',
    '/test/sql-runner/checks/live-drift',
  ],
};
