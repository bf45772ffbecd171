import { trouble, type SoakEvent } from './event';

/** Streams are held by consent for a while, and go on: held is not healthy, and no more than that. */
export const hold: SoakEvent = trouble({
  bring: async ({ world }) => void (await world.run('hold', ['--auto-approve'])),
  heal: async ({ world }) => void (await world.run('resume', ['--auto-approve'])),
});

/** Another password for the replication role, while the streams go on: they connect anew, and may be seen on the way. */
export const rotate: SoakEvent = async ({ world, truth }) => {
  truth.is('either', 'rotate begins');
  await world.run('rotate', ['--auto-approve']);
  await world.caughtUp(truth.databases);
  truth.is('well', 'rotate is over');
};
