import type { Room } from './room';

/** Those that only `serve` needs. */
export const SERVE_ROOMS: readonly Room[] = [
  {
    room: 'sql-runner/past',
    holds: 'What `serve` has seen: how each stream stood, which states changed; a day of it on disk',
    below: ['errors', 'contract', 'sql-runner/model', 'sql-runner/actions'],
  },
  {
    room: 'sql-runner/events',
    holds: 'What `serve` sends to others: events of what changed, and how they get there',
    below: [
      'sql-runner/explain',
      'sql-runner/aws',
      'sql-runner/model',
      'sql-runner/actions',
      'sql-runner/render',
      'sql-runner/past',
    ],
  },
  {
    room: 'sql-runner/page',
    holds: 'The page of `serve`: what is known, and what is not, as HTML and SVG',
    below: [
      'contract',
      'sql-runner/explain',
      'sql-runner/model',
      'sql-runner/actions',
      'sql-runner/render',
      'sql-runner/past',
    ],
  },
];
