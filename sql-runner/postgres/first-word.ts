import { isIP, type Socket } from 'node:net';

/** Nothing at all has come from where a session was to go. */
export class Silence extends Error {
  /** As the kernel and the resolver name them, which would say so later. */
  readonly code: 'ETIMEDOUT' | 'EAI_AGAIN';

  constructor(milliseconds: number, named: boolean) {
    const seconds = `${milliseconds / 1_000} s`;
    super(named ? `it did not answer within ${seconds}` : `its name was not resolved within ${seconds}`);
    this.code = named ? 'ETIMEDOUT' : 'EAI_AGAIN';
  }
}

/**
 * A server that is there answers the first message of a connection at once, whatever it has to do: its postmaster starts
 * a process for it, which says first whether it speaks TLS (ProcessStartupPacket). So one that says nothing at all is not
 * waited for as long as one that takes its time to let somebody in.
 * @returns ends the wait
 */
export function firstWordIn(milliseconds: number, socket: Socket, host: string): () => void {
  let named = isIP(host) !== 0;
  socket.once('lookup', (error: Error | null) => {
    named ||= error === null;
  });
  let patience: NodeJS.Timeout;
  const wait = (): void => {
    const until = performance.now() + milliseconds;
    patience = setTimeout(() => {
      // A process that was busy itself has not even asked, or not heard what is there.
      if (performance.now() - until > milliseconds / 10) wait();
      else setImmediate(giveUp);
    }, milliseconds);
    // The socket keeps the process, as long as there is something to wait for.
    patience.unref();
  };
  const giveUp = (): void => {
    if (socket.bytesRead === 0) socket.destroy(new Silence(milliseconds, named));
  };
  wait();
  return () => clearTimeout(patience);
}
