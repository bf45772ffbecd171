/**
 * `npm test`: all that takes a few seconds, and the whole path on the lab from the first plan to the teardown, in about ten
 * minutes on two cores. `npm run test:whole` has the rest as well, and takes most of an hour.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...require('./jest.config.js'),
  testPathIgnorePatterns: [
    '/node_modules/',
    // Each is a lab of its own, with an accident or a change of production in it.
    '/test/e2e/(?!rollout|ddl-check\\.)',
    // What an operator is asked to do in every accident that the lab knows, and years of a cluster.
    '/test/lab/(operators/|aws/lifecycle|provider/install)',
    // Judges of judges.
    '/test/ddl-(judge|corpus)/',
    '/test/sql-runner/rehearsal/(plain-worker|own-values)',
    // What is built: it takes as long as all that it is built of.
    '/test/image/',
    '/test/sql-runner/(bundle|page/in-browser)',
    '/test/stacks/(main|setting-places)\\.test',
    // Long tables of cases on servers; the checks themselves have tests without one.
    '/test/sql-runner/checks/live-(drift|worker|clone-refuses|both-sides|schema-rules|inherited|counters|privileges)',
    '/test/sql-runner/resources/ddl/live-(temporary|computed|follow|effects)',
    '/test/sql-runner/execute/operations/copy-large-objects',
  ],
};
