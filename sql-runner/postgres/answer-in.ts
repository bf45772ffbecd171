/** Beyond the moment at which the server itself ends the statement. */
const GRACE_MS = 5_000;
/** So long nobody asks what keeps it; then again after twice the time, each time. */
const QUIET_MS = 1_000;

/** What a new connection to the server hears: null: a word; else that it says nothing. */
export type SilenceOf = () => Promise<Error | null>;

/**
 * A server that stands still, or a network that drops what is sent without a word, answers nothing: no error either, and
 * the kernel goes on trying for a quarter of an hour. A server that is there says by its own limit that it has ended the
 * statement.
 * @param statementTimeoutMs its limit; 0: none, so that nobody can tell
 * @param giveUp ends the connection, and with it `asked`
 * @param silenceOf of who only looks, and has to say soon who does not answer: a statement may take long, and the first
 *   word of a server that is there does not
 */
export async function answerIn<T>(
  statementTimeoutMs: number,
  asked: Promise<T>,
  giveUp: (silence: Error) => void,
  silenceOf?: SilenceOf,
): Promise<T> {
  if (statementTimeoutMs === 0) return asked;
  const patienceMs = statementTimeoutMs + GRACE_MS;
  const silence = () => giveUp(new Error(`no answer came within ${Math.round(patienceMs / 1_000)} s`));
  const patience = setTimeout(silence, patienceMs);
  const answered = silenceOf === undefined ? () => undefined : lookWhether(silenceOf, giveUp);
  return asked.finally(() => {
    clearTimeout(patience);
    answered();
  });
}

/** Of statements that are sent without waiting for the answers to those before: the server begins one when that is done. */
export class AnswersInTurn {
  private before: Promise<unknown> = Promise.resolve();

  /** As answerIn(), from the answer before on. */
  async in<T>(limitMs: number, asked: Promise<T>, giveUp: (silence: Error) => void, silenceOf?: SilenceOf): Promise<T> {
    const { before } = this;
    this.before = asked.catch(() => undefined);
    await before;
    return answerIn(limitMs, asked, giveUp, silenceOf);
  }
}

/** @returns ends the looking */
function lookWhether(silenceOf: SilenceOf, giveUp: (silence: Error) => void): () => void {
  let goesOn = true;
  let timer: NodeJS.Timeout;
  const look = async (waited: number): Promise<void> => {
    const silence = await silenceOf().catch(() => null);
    if (!goesOn) return;
    if (silence === null) later(2 * waited);
    else giveUp(silence);
  };
  const later = (ms: number): void => {
    timer = setTimeout(() => void look(ms), ms);
  };
  later(QUIET_MS);
  return () => {
    goesOn = false;
    clearTimeout(timer);
  };
}
