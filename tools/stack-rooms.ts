import type { Room } from './room';

/** The stacks, and what is told of their JSON before it is deployed. */
export const STACK_ROOMS: readonly Room[] = [
  {
    room: 'stacks/constructs/cluster',
    holds: 'Production as a data source, the parameter groups and their sizes, the clone and the gate before it',
    below: ['contract', 'environments'],
  },
  {
    room: 'stacks/constructs/sharing',
    holds: 'The RAM share, the key policy, the secret of the replication role',
    below: ['contract', 'environments'],
  },
  {
    room: 'stacks/constructs/network',
    holds: 'The way between the two VPCs, its two ends, routes, security groups',
    below: ['contract', 'environments'],
  },
  {
    room: 'stacks/constructs/owner',
    holds: 'What the owner of production adds to their own Terraform, put out in both of its syntaxes',
    below: ['contract', 'environments'],
  },
  {
    room: 'stacks',
    holds: 'The two CDKTF stacks, providers, backends, outputs',
    below: [
      'contract',
      'environments',
      'stacks/constructs/cluster',
      'stacks/constructs/sharing',
      'stacks/constructs/network',
      'stacks/constructs/owner',
    ],
  },
  {
    room: 'main.ts',
    holds: 'One source and one target stack per environment',
    below: ['errors', 'environments', 'stacks'],
  },
  {
    room: 'cost/estimate',
    holds: 'What a month of both stacks costs: Terraform JSON and a price table in, charges and a total out',
    below: ['contract'],
    pure: true,
  },
  {
    room: 'cost',
    holds:
      '`npm run cost`: the price tables, one a Region, and the estimate as text, Markdown or JSON. See [docs/cost.md](docs/cost.md)',
    below: ['errors', 'contract', 'environments', 'stacks', 'cost/estimate'],
  },
  {
    room: 'pull-requests',
    holds:
      'What a workflow of pull requests runs: is the JSON fresh, is it valid, what would it do. See [docs/pull-requests.md](docs/pull-requests.md)',
    below: ['errors', 'environments', 'stacks'],
  },
  {
    room: 'iam/policy',
    holds: 'What Terraform and sql-runner call in each account, as tables, and the policies that allow just that',
    below: ['contract', 'environments'],
    pure: true,
  },
  {
    room: 'iam',
    holds: '`npm run iam`: the policies of an environment as files. See [docs/iam.md](docs/iam.md)',
    below: ['errors', 'environments', 'stacks', 'iam/policy'],
  },
];
