import { connect, isIP, type Socket } from 'node:net';

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

/**
 * Asks for encryption by GSSAPI (GSSENCRequest), which every server from 12 on answers with a byte before anybody is let
 * in. Who then goes away leaves no line in its log, as who had asked for TLS would (ProcessStartupPacket).
 */
const ASKING = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30]);

/** Asks a server for its first word, and goes away. @returns null where there is one, or the end of the connection */
export async function silenceAt(host: string, port: number, milliseconds: number): Promise<Silence | null> {
  const socket = connect({ host, port });
  const answered = firstWordIn(milliseconds, socket, host);
  const silence = new Promise<Silence | null>((resolve) => {
    socket.once('connect', () => socket.write(ASKING));
    socket.once('data', () => resolve(null));
    socket.once('error', (error) => resolve(error instanceof Silence ? error : null));
    socket.once('close', () => resolve(null));
  });
  return silence.finally(() => {
    answered();
    socket.on('error', () => undefined).destroy();
  });
}
