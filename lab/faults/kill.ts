import type { Lab, Side } from '../lab';
import { stopServer } from '../postgres/server-process';
import { assertUp, serverOf, startServers } from '../servers';
import type { Fault } from './fault';

const SEEN = {
  source: [
    'Nothing of production can be read; the clone stands still, and is readable.',
    'status, plan and doctor: CONNECT_REFUSED, for the source.',
  ],
  clone: [
    'The clone cannot be read. Production goes on, and keeps the WAL that the clone needs.',
    'status, plan and doctor: CONNECT_REFUSED, for the target, with how much production keeps.',
  ],
} as const;

/** A server ends without a checkpoint, as after a power failure. Aurora would start it again; the lab waits for you. */
export const kill = (side: Side): Fault => ({
  about: `the server of ${side === 'source' ? 'production' : 'the clone'} crashes`,
  crash: true,
  async bringAbout(lab: Lab) {
    const place = serverOf(lab, side);
    assertUp(lab, [side]);
    await stopServer(place, 'immediate');
    return {
      did: [`The server of the ${side} was ended at once, without a checkpoint. It recovers when it is started.`],
      see: SEEN[side],
      facts: {},
    };
  },
  async heal(lab: Lab) {
    const started = await startServers(lab);
    return started.map((one) => `The server of the ${one} runs again, after a recovery from its WAL.`);
  },
});
