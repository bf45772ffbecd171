/**
 * Of everything that `--json` prints. The second number goes up with what is added, which readers have to let pass; the
 * first with what is taken away or means something else.
 */
export const FORMAT_VERSION = '1.1';
