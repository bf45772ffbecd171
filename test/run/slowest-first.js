const { default: Sequencer } = require('@jest/test-sequencer');

/** Those that take longest, the longest first: begun late, one of them would run alone while the other cores idle. */
const LONGEST = [
  'deploys/real-accounts',
  'e2e/faults',
  'e2e/drift',
  'e2e/continuity',
  'e2e/streams',
  'e2e/random',
  'e2e/forgotten',
  'e2e/kill',
  'lab/operators',
  'checks/live-drift.test',
  'e2e/source-alone',
  'e2e/locks',
  'e2e/refusals',
  'e2e/checks',
  'e2e/',
  'lab/aws/lifecycle',
  'observe/other-major',
  'checks/live',
  'deploys/networks',
  'deploys/orders',
  'deploys/adopt',
];

/** Within a group as jest would: by what it remembers of the last run, else by size. */
class SlowestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((one, other) => rank(one.path) - rank(other.path));
  }
}

function rank(path) {
  const at = LONGEST.findIndex((part) => path.includes(part));
  return at < 0 ? LONGEST.length : at;
}

module.exports = SlowestFirst;
