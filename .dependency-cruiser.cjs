/**
 * The direction of imports. `npm run imports` checks it: a rule for each room, made of tools/rooms.ts, and a few that
 * hold everywhere.
 */
require('tsx/cjs');
const { pathOf } = require('./tools/arrows.ts');
const { ROOMS } = require('./tools/rooms.ts');

/** Type-only imports vanish at run time; where a rule is about I/O they are allowed. */
const atRunTime = { dependencyTypesNot: ['type-only'] };
const IO = '^(fs|node:fs|fs/promises|node:fs/promises|child_process|node:child_process)$|^node_modules/(pg|@aws-sdk)/';
const pure = ROOMS.filter((room) => room.pure).map(({ room }) => pathOf(room));
/** The lowest pure room writes SQL with the driver's own functions. */
const planning = pure.filter((path) => path !== pathOf('sql-runner/postgres/text'));
/** It needs no room, and starts the programs of some. */
const BUNDLE = '^sql-runner/bundle\\.js$';
/** Those that may import any room. */
const OUTSIDE = '^(test|bench|docs|tools)/';

const ofRooms = ROOMS.map(({ room, holds, below }) => ({
  name: `room-${room}`,
  comment: `${room} (${holds}) imports ${below.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: pathOf(room) },
  to: {
    path: `${OUTSIDE}|${ROOMS.map((other) => pathOf(other.room)).join('|')}`,
    pathNot: [...[room, ...below].map(pathOf), BUNDLE].join('|'),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...ofRooms,
    {
      name: 'every-file-has-a-room',
      comment: 'A folder without a place in tools/rooms.ts would be held to nothing.',
      severity: 'error',
      from: {
        path: '^(contract|errors|environments|stacks|cost|iam|sql-runner|pull-requests|lab|main\\.ts)',
        pathNot: ROOMS.map(({ room }) => pathOf(room)),
      },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea in two places.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: atRunTime },
    },
    {
      name: 'pure-rooms-do-nothing',
      comment: 'Planning is a function of what was observed: no database, no AWS, no files.',
      severity: 'error',
      from: { path: planning },
      to: { path: IO, ...atRunTime },
    },
    {
      name: 'pure-rooms-reach-nothing',
      comment: 'Nor by way of another room.',
      severity: 'error',
      from: { path: planning },
      to: { path: ['sql-runner/postgres', 'sql-runner/aws', 'sql-runner/explain'].map(pathOf), ...atRunTime },
    },
    {
      name: 'cdktf-only-in-stacks',
      comment: 'sql-runner reads outputs; it needs nothing of what made them.',
      severity: 'error',
      from: { path: '^(contract|errors|environments|cost|iam|sql-runner|lab)/' },
      to: { path: '^node_modules/(cdktf|@cdktf/provider-aws|constructs)/' },
    },
    {
      name: 'not-to-test',
      comment: 'But for where each setting ends, of which the tests have the table.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/|^docs/generate/setting-ends\\.ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      from: {
        path: '^(contract|errors|environments|stacks|cost|iam|sql-runner|pull-requests|lab|test|docs|bench|tools)/',
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'product-without-dev-packages',
      severity: 'error',
      from: { path: '^(contract|errors|environments|stacks|cost|iam|sql-runner|pull-requests|main\\.ts)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdktf\\.out|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
      mainFields: ['main', 'types'],
    },
  },
};
