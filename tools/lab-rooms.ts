import type { Room } from './room';

/** Those of the lab, which the product does not know. */
export const LAB_ROOMS: readonly Room[] = [
  { room: 'lab/workload', holds: 'Seed data, and writers for it', below: [] },
  { room: 'lab/postgres', holds: 'PostgreSQL servers that behave as Aurora does', below: ['errors'] },
  {
    room: 'lab/terraform',
    holds: 'Which Terraform runs: that of the machine, or one that is fetched',
    below: ['errors'],
  },
  { room: 'lab/provider', holds: 'The Terraform provider of the lab', below: ['lab/terraform'] },
  {
    room: 'lab/aws',
    holds: 'What stands in for the APIs of two accounts',
    below: ['errors', 'contract', 'environments', 'lab/postgres'],
  },
  {
    room: 'lab',
    holds: 'Starting, showing and stopping a lab, and what can be broken in one. See [docs/lab.md](docs/lab.md)',
    below: ['errors', 'environments', 'lab/workload', 'lab/postgres', 'lab/terraform', 'lab/provider', 'lab/aws'],
  },
  { room: 'lab/demo', holds: 'The demo', below: ['errors', 'lab/workload', 'lab/terraform', 'lab'] },
];
