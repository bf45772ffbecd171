/** Beyond the moment at which the server itself ends the statement. */
const GRACE_MS = 5_000;

/**
 * A server that stands still, or a network that drops what is sent without a word, answers nothing: no error either, and
 * the kernel goes on trying for a quarter of an hour. A server that is there says by its own limit that it has ended the
 * statement.
 * @param statementTimeoutMs its limit; 0: none, so that nobody can tell
 * @param giveUp ends the connection, and with it `asked`
 */
export async function answerIn<T>(
  statementTimeoutMs: number,
  asked: Promise<T>,
  giveUp: (silence: Error) => void,
): Promise<T> {
  if (statementTimeoutMs === 0) return asked;
  const patienceMs = statementTimeoutMs + GRACE_MS;
  const silence = () => giveUp(new Error(`no answer came within ${Math.round(patienceMs / 1_000)} s`));
  const patience = setTimeout(silence, patienceMs);
  return asked.finally(() => clearTimeout(patience));
}
