import type { Room } from './room';

/** What is made of the stacks, beside deploying them. */
export const STACK_ROOMS: readonly Room[] = [
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
