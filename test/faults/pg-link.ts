import type { Duplex } from 'node:stream';
import { type Destination, type GateHolder, type Held, passThrough } from './exchange';
import { endsExchange, isReady, type Message, MessageSplitter, queryMessage, Statements } from './pg-wire';

interface Answer {
  readonly parts: Buffer[];
  readonly done: () => void;
}

export interface LinkParts {
  readonly client: Duplex;
  readonly server: Duplex;
  readonly to: Destination;
  readonly holder: GateHolder;
}

/**
 * One connection of sql-runner through the proxy, decrypted. Replication
 * connections, which are anybody else's, pass as bytes.
 */
export class PgLink {
  private readonly fromClient = new MessageSplitter(true);
  private readonly fromServer = new MessageSplitter(false);
  private readonly answers: Answer[] = [];
  private readonly statements = new Statements();
  private batch: Message[] = [];
  private queue: Promise<void> = Promise.resolve();
  private loggedIn = false;
  /** Undefined until the startup packet tells. */
  private watched: boolean | undefined;
  private ended = false;

  constructor(private readonly parts: LinkParts) {
    const { client, server } = parts;
    client.on('data', (bytes: Buffer) => this.clientSays(bytes)).on('error', () => undefined);
    server.on('data', (bytes: Buffer) => this.serverSays(bytes)).on('error', () => undefined);
    client.on('close', () => server.destroy());
    server.on('close', () => this.serverGone());
  }

  get isWatched(): boolean {
    return this.watched === true;
  }

  cut(): void {
    this.ended = true;
    this.parts.client.destroy();
    this.parts.server.destroy();
  }

  private clientSays(bytes: Buffer): void {
    if (this.watched === false) return void this.parts.server.write(bytes);
    for (const message of this.fromClient.push(bytes)) this.clientMessage(message);
  }

  private clientMessage(message: Message): void {
    this.watched ??= message.bytes.includes('\0sql-runner ');
    if (!this.watched || !this.loggedIn || message.type === 'X') return void this.parts.server.write(message.bytes);
    this.batch.push(message);
    if (!endsExchange(message)) return;
    const batch = this.batch;
    this.batch = [];
    this.queue = this.queue.then(() => this.exchange(batch));
  }

  private serverSays(bytes: Buffer): void {
    if (this.watched !== true) return void this.parts.client.write(bytes);
    for (const message of this.fromServer.push(bytes)) {
      const [answer] = this.answers;
      if (answer === undefined) {
        this.loggedIn ||= isReady(message);
        this.parts.client.write(message.bytes);
        continue;
      }
      answer.parts.push(message.bytes);
      if (!isReady(message)) continue;
      this.answers.shift();
      answer.done();
    }
  }

  /** What the server said last, such as why it ends the session, still reaches the client. */
  private serverGone(): void {
    const open = this.answers.splice(0);
    if (!this.ended) for (const { parts } of open) this.parts.client.write(Buffer.concat(parts));
    this.ended = true;
    this.parts.client.end(() => this.parts.client.destroy());
    for (const { done } of open) done();
  }

  private async exchange(batch: Message[]): Promise<void> {
    const { client, to, holder } = this.parts;
    const text = batch.map((message) => this.statements.textOf(message)).find((sql) => sql !== undefined) ?? '';
    const held: Held = { exchange: { to, text }, cut: () => this.cut(), inject: (sql) => this.inject(sql) };
    const answer: Buffer[] = [];
    let answered = Promise.resolve();
    await passThrough(holder, held, {
      alive: () => !this.ended,
      send: () => {
        answered = this.expect(answer);
        return this.write(Buffer.concat(batch.map(({ bytes }) => bytes)));
      },
      answer: () => answered,
      reply: async () => void client.write(Buffer.concat(answer)),
    });
  }

  private expect(parts: Buffer[]): Promise<void> {
    return new Promise((done) => this.answers.push({ parts, done }));
  }

  private write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => this.parts.server.write(bytes, () => resolve()));
  }

  private async inject(sql: string): Promise<void> {
    const answered = this.expect([]);
    await this.write(queryMessage(sql));
    await answered;
  }
}
