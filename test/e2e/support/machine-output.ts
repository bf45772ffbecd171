import type { ChildResult } from '../../../lab/demo/child';
import { SCHEMAS } from '../../../sql-runner/render/schemas/by-command';
import { errorLine } from '../../../sql-runner/render/schemas/error';

/** Fails unless all that a command printed under `--json` is what its schema says, and nothing more. */
export function expectDocumented(verb: string, { stdout, exitCode }: ChildResult): void {
  const { form, schema } = SCHEMAS[verb]!;
  const printed = documentsIn(stdout, exitCode);
  // A command that ended of itself has said something, of its error at least.
  if (printed.length === 0 && exitCode !== null && exitCode < 128) throw new Error(`${verb} --json printed nothing`);
  if (form === 'document' && printed.filter((one) => !isError(one)).length > 1)
    throw new Error(`${verb} --json printed more than one document`);
  for (const one of printed) {
    const { error } = (isError(one) ? errorLine : schema).safeParse(one);
    if (error !== undefined)
      throw new Error(`${verb} --json: ${error.message}\n${JSON.stringify(one, null, 2).slice(0, 4000)}`);
  }
}

const isError = (one: unknown): boolean => (one as { type?: string }).type === 'error';

/** A document begins with a brace on a line of its own and ends with one; an event, or an error, is one line. */
function documentsIn(stdout: string, exitCode: number | null): unknown[] {
  const lines = stdout.split('\n');
  // Whoever was killed may have been in the middle of a line.
  const last = lines.pop()!;
  if (exitCode !== null && last !== '') throw new Error(`the last line is not ended: ${last}`);
  const texts: string[] = [];
  for (let begun = 0; begun < lines.length;) {
    const end = lines[begun] === '{' ? lines.indexOf('}', begun) : begun;
    if (end < 0) break;
    texts.push(lines.slice(begun, end + 1).join('\n'));
    begun = end + 1;
  }
  return texts.map((text) => JSON.parse(text) as unknown);
}
