/**
 * How long a test waits for what has to come, in milliseconds. It only ends what hangs: a busy machine takes ten times
 * as long for everything, and no test may fail for that. Below jest's own limit, which does not say what was waited for.
 */
export const PATIENCE_MS = 180_000;
