import type { Side } from '../../contract/contract';
import { ConnectError } from '../postgres/connect-errors';

/** A server that was asked a small question has said nothing at all. */
export class NoAnswer extends ConnectError {}

/**
 * For whoever says again and again how it stands, over sessions that stay open: a server that stands still, or a way to
 * it on which everything is lost, ends none of them, and what was seen before would be said on and on.
 * @throws NoAnswer
 */
export async function answeredIn<T>(milliseconds: number, side: Side, asked: Promise<T>): Promise<T> {
  let patience: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    patience = setTimeout(() => reject(noAnswer(side, milliseconds)), milliseconds);
  });
  return Promise.race([asked, silence]).finally(() => clearTimeout(patience));
}

function noAnswer(side: Side, milliseconds: number): NoAnswer {
  const who = side === 'source' ? 'source' : 'clone';
  const seconds = Math.round(milliseconds / 1_000);
  return new NoAnswer(side, {
    code: 'CONNECT_TIMEOUT',
    seen: `the ${who} has not answered within ${seconds} s`,
    why: 'its server stands still, has far too much to do, or somebody keeps a catalog of it locked, or the network loses what is sent; how the streams stand is not known',
    next: 'Check security groups, the routes of both VPCs and that the cluster is available.',
  });
}
