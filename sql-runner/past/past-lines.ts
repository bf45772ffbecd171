import { z } from 'zod';

/** What is kept on disk: a line for the file, then one for each span of time and each change, as they come. */
const count = z.number().nonnegative().nullable();

const headLine = z.strictObject({
  kept: z.literal('sql-runner serve'),
  version: z.literal(1),
  environment: z.string(),
});
const spanLine = z.strictObject({
  at: z.number().int(),
  /** By slot: lag, WAL kept, whether it was healthy. */
  streams: z.record(z.string(), z.tuple([count, count, z.boolean().nullable()])),
});
const changeLine = z.strictObject({
  changed: z.number().int(),
  database: z.string().nullable(),
  slot: z.string().nullable(),
  before: z.string().nullable(),
  now: z.string(),
  healthy: z.boolean().nullable(),
  cause: z.string().nullable(),
});

export type SpanLine = z.infer<typeof spanLine>;
/** A state that changed, or whether anything could be seen: then it is of no stream. */
export type ChangeLine = z.infer<typeof changeLine>;

export interface PastLines {
  readonly spans: readonly SpanLine[];
  readonly changes: readonly ChangeLine[];
}

export const headOf = (environment: string): string =>
  JSON.stringify({ kept: 'sql-runner serve', version: 1, environment });

/**
 * Of a line that a crash has cut off in the middle, which can only be the last, nothing is taken.
 * @returns what is wrong with the file, where it is not what was written
 */
export function readLines(text: string, environment: string): PastLines | string {
  const lines = text.split('\n');
  lines.pop();
  const [head, ...others] = lines.map(parsed);
  const first = headLine.safeParse(head);
  if (!first.success) return 'its first line is not one of sql-runner serve';
  if (first.data.environment !== environment) return `it is of environment ${first.data.environment}`;
  const spans: SpanLine[] = [];
  const changes: ChangeLine[] = [];
  for (const [index, line] of others.entries()) {
    const span = spanLine.safeParse(line);
    const change = span.success ? null : changeLine.safeParse(line);
    if (span.success) spans.push(span.data);
    else if (change?.success) changes.push(change.data);
    else return `line ${index + 2} is not as it was written`;
  }
  return { spans, changes };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
