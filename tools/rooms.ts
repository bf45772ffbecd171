import { LAB_ROOMS } from './lab-rooms';
import type { Room } from './room';
import { SERVE_ROOMS } from './serve-rooms';
import { STACK_ROOMS } from './stack-rooms';

/**
 * The rooms of the house, from the ground up, and which of the rooms below each may import. The import rules
 * (.dependency-cruiser.cjs), the picture in ARCHITECTURE.md and `npm run rooms` are all made of this one list.
 */
export const ROOMS: readonly Room[] = [
  {
    room: 'errors',
    holds: 'The one error that people see, what its texts need, every code with a sentence, every exit code',
    below: [],
  },
  {
    room: 'contract',
    holds: 'What the stacks publish and sql-runner reads, the names that both give, the codes that may be acknowledged',
    below: ['errors'],
  },
  {
    room: 'environments',
    holds:
      'The schema of environment files (the truth about them), the loader with errors at file, line and column, the JSON Schema for editors, one YAML per environment',
    below: ['errors', 'contract'],
  },
  ...STACK_ROOMS,
  {
    room: 'sql-runner/postgres/text',
    holds: 'How PostgreSQL writes things: quoting, conninfo, LSN arithmetic',
    below: ['contract'],
    pure: true,
  },
  {
    room: 'sql-runner/postgres',
    holds: 'Sessions and TLS, and in `catalog/` all SQL that reads catalogs, as typed rows',
    below: ['errors', 'contract', 'sql-runner/postgres/text'],
  },
  {
    room: 'sql-runner/explain',
    holds: 'Whatever went wrong as an error for people, and secrets crossed out of it',
    below: ['errors', 'sql-runner/postgres/text', 'sql-runner/postgres'],
  },
  {
    room: 'sql-runner/aws',
    holds: 'The RDS, EC2, KMS, Secrets Manager and SSM calls',
    below: ['errors', 'contract', 'sql-runner/explain'],
  },
  {
    room: 'sql-runner/model',
    holds: 'The words: streams, facts, findings, changes, plans, events, marks',
    below: ['errors', 'contract', 'sql-runner/postgres/text', 'sql-runner/postgres', 'sql-runner/aws'],
    pure: true,
  },
  {
    room: 'sql-runner/drift',
    holds:
      'Definitions of both sides compared: facts in, differences out, with what they do to rows and the SQL for the clone',
    below: ['sql-runner/postgres/text', 'sql-runner/postgres', 'sql-runner/model'],
    pure: true,
  },
  {
    room: 'sql-runner/verify',
    holds: 'Comparing tables on a live source',
    below: ['errors', 'sql-runner/postgres/text', 'sql-runner/postgres'],
  },
  {
    room: 'sql-runner/migration',
    holds: 'Statements of a migration, and what trying them comes to: pure words, orders and steps',
    below: ['errors', 'sql-runner/postgres/text'],
    pure: true,
  },
  {
    room: 'sql-runner/rehearsal',
    holds: 'Local servers that a migration is tried on, and what it does to them; all SQL for them is here',
    below: ['errors', 'sql-runner/postgres/text', 'sql-runner/postgres', 'sql-runner/migration'],
  },
  {
    room: 'sql-runner/connections',
    holds: 'Accounts and databases of an environment, opened as they are asked for',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/explain',
      'sql-runner/aws',
      'sql-runner/model',
    ],
  },
  {
    room: 'sql-runner/resources',
    holds:
      'One file per kind of thing that sql-runner manages: pure planning from facts to changes; in `fresh-clone/` what a clone brings along',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/aws',
      'sql-runner/model',
      'sql-runner/verify',
    ],
    pure: true,
  },
  {
    room: 'sql-runner/checks',
    holds: 'The preflight checks of `doctor`, one file a theme',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/model',
      'sql-runner/drift',
      'sql-runner/resources',
    ],
    pure: true,
  },
  {
    room: 'sql-runner/observe',
    holds: 'Facts of both sides, read for plans and checks',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/explain',
      'sql-runner/aws',
      'sql-runner/model',
      'sql-runner/drift',
      'sql-runner/verify',
      'sql-runner/connections',
      'sql-runner/resources',
      'sql-runner/checks',
    ],
  },
  {
    room: 'sql-runner/plan',
    holds: 'Facts in, a plan out: one file a mode, its `gates/`, the fingerprint',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/model',
      'sql-runner/drift',
      'sql-runner/resources',
      'sql-runner/checks',
    ],
    pure: true,
  },
  {
    room: 'sql-runner/execute',
    holds: 'A plan in, changes done: `operations/`, locks, waiting until in sync',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/explain',
      'sql-runner/aws',
      'sql-runner/model',
      'sql-runner/verify',
      'sql-runner/connections',
      'sql-runner/resources',
      'sql-runner/checks',
      'sql-runner/observe',
    ],
  },
  {
    room: 'sql-runner/inputs',
    holds: 'Terraform outputs in each shape to contract',
    below: ['errors', 'contract'],
  },
  {
    room: 'sql-runner/actions',
    holds: 'What a verb does, without a terminal: run, status, verify, doctor, the plan file',
    below: [
      'errors',
      'contract',
      'sql-runner/postgres/text',
      'sql-runner/postgres',
      'sql-runner/explain',
      'sql-runner/model',
      'sql-runner/drift',
      'sql-runner/verify',
      'sql-runner/migration',
      'sql-runner/rehearsal',
      'sql-runner/connections',
      'sql-runner/resources',
      'sql-runner/checks',
      'sql-runner/observe',
      'sql-runner/plan',
      'sql-runner/execute',
    ],
  },
  {
    room: 'sql-runner/render',
    holds: 'The same events and results as text or JSON',
    below: [
      'errors',
      'contract',
      'sql-runner/migration',
      'sql-runner/model',
      'sql-runner/drift',
      'sql-runner/verify',
      'sql-runner/plan',
      'sql-runner/actions',
    ],
  },
  ...SERVE_ROOMS,
  {
    room: 'sql-runner/commands',
    holds: 'One file per verb: arguments in, action, render, exit code',
    below: [
      'errors',
      'contract',
      'sql-runner/explain',
      'sql-runner/model',
      'sql-runner/connections',
      'sql-runner/plan',
      'sql-runner/inputs',
      'sql-runner/actions',
      'sql-runner/render',
      'sql-runner/past',
      'sql-runner/events',
      'sql-runner/page',
    ],
  },
  {
    room: 'sql-runner',
    holds:
      '`program.ts` is the command line, `cli.ts` turns it into an exit code, `bin.js` starts the bundle of it all',
    below: ['errors', 'sql-runner/explain', 'sql-runner/commands'],
  },
  ...LAB_ROOMS,
];
