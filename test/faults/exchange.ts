/** Where a request goes: a server, or the interfaces of the accounts. */
export type Destination = 'source' | 'target' | 'aws';

/** One question and its answer: a query with all its messages, or an API call. */
export interface Exchange {
  readonly to: Destination;
  /** The SQL text, or `api <operation>`. */
  readonly text: string;
}

/**
 * - before: asked, and not yet on its way to the server
 * - sent: on its way; what the server does with it is open
 * - answered: the server is done, the client does not know
 * - after: the client has the answer
 */
export type Moment = 'before' | 'sent' | 'answered' | 'after';

/** An exchange on its way through a proxy, with what can be done to its connection. */
export interface Held {
  readonly exchange: Exchange;
  /** Ends this connection in both directions. */
  cut(): void;
  /** Runs a statement in the session of the exchange, which must be between two statements. */
  inject(sql: string): Promise<void>;
}

/** Called at every moment of every exchange; the exchange goes on when it returns. */
export type Gate = (moment: Moment, held: Held) => Promise<void>;

/** The gate of the moment, shared by all proxies; null: everything passes. */
export interface GateHolder {
  gate: Gate | null;
}

/** Takes an exchange from a client to a server and its answer back, past the gate. */
export async function passThrough(
  holder: GateHolder,
  held: Held,
  steps: { alive(): boolean; send(): Promise<void>; answer(): Promise<void>; reply(): Promise<void> },
): Promise<void> {
  const stations = [
    ['before', steps.send],
    ['sent', steps.answer],
    ['answered', steps.reply],
  ] as const;
  for (const [moment, next] of stations) {
    await holder.gate?.(moment, held);
    if (!steps.alive()) return;
    await next();
  }
  await holder.gate?.('after', held);
}
