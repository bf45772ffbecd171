/** One message of the PostgreSQL protocol: a type byte, a length that counts itself, and the body. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

const HEADER = 5;
export const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Cuts the stream of one direction into messages. The first one of a client, the startup packet, has no type. */
export class MessageSplitter {
  private rest = Buffer.alloc(0);

  constructor(private untypedFirst: boolean) {}

  push(bytes: Buffer): Message[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: Message[] = [];
    for (;;) {
      const header = this.untypedFirst ? HEADER - 1 : HEADER;
      if (this.rest.length < header) return messages;
      const length = this.rest.readInt32BE(header - 4) + header - 4;
      if (this.rest.length < length) return messages;
      const type = this.untypedFirst ? 'startup' : String.fromCharCode(this.rest[0]!);
      messages.push({ type, bytes: this.rest.subarray(0, length) });
      this.rest = this.rest.subarray(length);
      this.untypedFirst = false;
    }
  }
}

/** What the messages of one connection ask, also by the name of a statement that it has parsed before. */
export class Statements {
  private readonly byName = new Map<string, string>();

  /** The text of a simple query, or of a statement that is parsed or bound; undefined for any other message. */
  textOf({ type, bytes }: Message): string | undefined {
    if (type === 'Q') return textAt(bytes, HEADER);
    const first = textAt(bytes, HEADER);
    const second = () => textAt(bytes, bytes.indexOf(0, HEADER) + 1);
    if (type === 'P') this.byName.set(first, second());
    return type === 'P' || type === 'B' ? this.byName.get(type === 'P' ? first : second()) : undefined;
  }
}

const textAt = (bytes: Buffer, start: number): string => bytes.toString('utf8', start, bytes.indexOf(0, start));

export function queryMessage(sql: string): Buffer {
  const body = Buffer.from(`${sql}\0`);
  const header = Buffer.alloc(HEADER);
  header.write('Q');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** After one of these the client waits for ReadyForQuery. */
export const endsExchange = ({ type }: Message): boolean => type === 'Q' || type === 'S';
export const isReady = ({ type }: Message): boolean => type === 'Z';
