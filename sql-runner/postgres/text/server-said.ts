/** What pg makes of an error of the server; the manual, "Error and Notice Message Fields". */
export interface ServerError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** Message, DETAIL and HINT in one line: the detail often is all that tells the cause. Redacted when it is shown. */
export function serverSaid({ message, code, detail, hint }: ServerError): string {
  const parts = [message, ...[detail, hint].filter((part) => part !== undefined && part !== '')];
  const state = code === undefined ? '' : ` (SQLSTATE ${code})`;
  return `${parts.join('; ')}${state}`;
}
