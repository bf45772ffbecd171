/** SQLSTATEs and socket errors of a server that stops, restarts or is not back yet. */
const CODES = new Set(['57P01', '57P02', '57P03', '08006', '08003', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** node-postgres reports a socket that closed under it by these words, without a code. */
const WORDS = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

/** Whether an error says that the connection is gone, and not that the statement was wrong. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return CODES.has(String(code)) || WORDS.test(String(message));
}
