import type { StreamLook } from '../../../sql-runner/model/survey';
import type { Draft } from '../support/observations';
import type { Edit, Fires } from './provocations';

type Look = Draft<StreamLook>;

/** Something is so at both looks, and more of it at the second. */
export function seen(always: (look: Look) => void, later: (look: Look) => void = () => undefined): Edit {
  return ({ streams }) => {
    const looks = Object.values(streams.looks)[0]!;
    looks.seconds = 6;
    for (const look of [looks.first, looks.last]) always(look);
    later(looks.last);
  };
}

export const behind = (look: Look): void => void (look.flushLsn = '0/30000100');
const held = (look: Look): void => {
  behind(look);
  look.worker!.holders = [
    {
      pid: 7,
      user: 'app',
      application: 'psql',
      state: 'idle in transaction',
      since: null,
      ageSeconds: null,
      statement: null,
    },
  ];
};
const NONE = { pid: null, startedAt: null };

export const FIRES_OF_STREAMS: readonly Fires[] = [
  ['SUBSCRIPTION_DISABLED', 'block', seen((look) => (look.worker!.enabled = false)), 'run sql-runner apply demo'],
  [
    'APPLY_WORKER_STOPPED',
    'block',
    seen((look) => {
      Object.assign(look.worker!, NONE);
      look.reader!.active = false;
    }),
    "the server's log of the clone",
  ],
  // It was there, and is another one each time.
  [
    'APPLY_WORKER_STOPPED',
    'block',
    seen(
      (look) => (look.reader!.active = false),
      (look) => (look.worker!.startedAt = 'later'),
    ),
    'cannot connect',
  ],
  // Somebody else reads the slot, and confirms it.
  [
    'APPLY_WORKER_STOPPED',
    'block',
    seen((look) => {
      Object.assign(look.worker!, NONE);
      look.reader!.pid = 7;
    }),
    'on the source: SELECT pg_terminate_backend(7);',
  ],
  ['APPLY_WORKER_FAILING', 'block', seen(behind, (look) => (look.worker!.applyErrors = 1)), 'make a new clone'],
  // Up to 14 nothing is counted.
  [
    'APPLY_WORKER_FAILING',
    'block',
    seen(
      (look) => {
        behind(look);
        look.worker!.applyErrors = null;
      },
      (look) => {
        look.worker!.startedAt = 'later';
        look.reader!.pid = 4712;
      },
    ),
    'the worker goes on by itself',
  ],
  ['STREAM_NOT_STREAMING', 'block', seen((look) => (look.reader!.active = false)), 'SELECT pg_terminate_backend(99);'],
  ['STREAM_NOT_STREAMING', 'block', seen((look) => (look.reader = null)), 'SELECT pg_terminate_backend(99);'],
  [
    'STREAM_NOT_STREAMING',
    'block',
    seen((look) => {
      look.reader!.active = false;
      look.worker!.slot = 'another';
    }),
    'its own slot again',
  ],
  ['APPLY_WORKER_WAITS', 'block', seen(held), 'SELECT pg_terminate_backend(7);'],
  [
    'APPLY_WORKER_WAITS',
    'block',
    seen((look) => {
      held(look);
      look.worker!.holders[0]!.pid = 0;
    }),
    'pg_prepared_xacts',
  ],
  // It does not answer meanwhile: the source gives it up, and whoever is started in its place comes to the same lock.
  ...[{ active: false }, { active: false, confirmedLsn: null }].map((reader): Fires => [
    'APPLY_WORKER_WAITS',
    'block',
    seen(
      (look) => {
        held(look);
        Object.assign(look.reader!, reader);
      },
      (look) => Object.assign(look.worker!, { startedAt: 'later', applyErrors: 1 }),
    ),
    'SELECT pg_terminate_backend(7);',
  ]),
  ['APPLY_WORKER_SILENT', 'block', seen((look) => (look.worker!.silentSeconds = 41)), 'pg_terminate_backend(99)'],
  // Both wait for the other, and nothing moves.
  ['APPLY_WORKER_SILENT', 'block', seen(behind), 'look again in a minute'],
  // The source reads on, and an idle worker does not answer.
  [
    'APPLY_WORKER_SILENT',
    'block',
    seen(behind, (look) => Object.assign(look.reader!, { waitEvent: null, replySeconds: 14 })),
    'look again in a minute',
  ],
  ['APPLY_WORKER_SILENT', 'warn', seen(behind, (look) => (look.reader!.waitEvent = null)), 'look again in a minute'],
  [
    'APPLY_WORKER_SILENT',
    'warn',
    seen((look) => {
      behind(look);
      look.worker!.waitEvent = null;
    }),
    'look again in a minute',
  ],
  ['CONNECTION_ALTERED', 'block', seen((look) => (look.reader!.user = 'master')), 'run sql-runner apply demo'],
  ['CONNECTION_ALTERED', 'block', seen((look) => (look.reader!.tls = false)), 'writes its connection again'],
  ['SOURCE_REFUSES_LOGIN', 'block', ({ streams }) => (streams.passwordWorks = false), 'run sql-runner apply demo'],
  [
    'SOURCE_REFUSES_LOGIN',
    'block',
    ({ streams }) => Object.assign(streams, { passwordWorks: false, givenPasswordsWork: { acas_demo_shop: false } }),
    'run sql-runner apply demo',
  ],
  [
    'SOURCE_REFUSES_LOGIN',
    'warn',
    ({ streams }) => Object.assign(streams, { passwordWorks: false, givenPasswordsWork: { acas_demo_shop: true } }),
    'run sql-runner apply demo',
  ],
  [
    'SOURCE_REFUSES_LOGIN',
    'block',
    ({ streams }) => Object.assign(streams, { givenPasswordsWork: { acas_demo_shop: false } }),
    'run sql-runner apply demo, which gives every subscription the password',
  ],
];
