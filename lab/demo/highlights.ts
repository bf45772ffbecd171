/** What `sql-runner plan` and `apply` print to sum up: without the single statements. */
const SUMMARY = /^(Plan:|No changes\.|Done\.|In sync:|After that:|Next:)/;
/** A change that `sql-runner apply` has finished, as in `  [2/9] + source/shop/slot/x  0.1 s`. */
const FINISHED_CHANGE = /^\s+\[\d+\/\d+\]/;

/** Only the summary of a plan. */
export function planSummary(stdout: string): string[] {
  return linesOf(stdout).filter((line) => SUMMARY.test(line));
}

/** Every change that was carried out, and how it ended. The plan that comes before is left out. */
export function applyHighlights(stdout: string): string[] {
  return linesOf(stdout)
    .filter((line) => FINISHED_CHANGE.test(line) || /^(Done\.|In sync:|No changes\.)/.test(line))
    .map((line) => line.trim());
}

/** The advice in an error of ours. */
export function adviceOf(stderr: string): string {
  return /What to do: (.*)/.exec(stderr)?.[1]?.trim() ?? '';
}

/** Terraform's own count, as in `Apply complete! Resources: 9 added, 0 changed, 0 destroyed.` */
export function terraformSummary(stdout: string): string {
  return /(Apply|Destroy) complete! Resources: [^\n]*/.exec(stdout)?.[0].trim() ?? '';
}

/**
 * The message of the first failed precondition, whole again: Terraform boxes and wraps it, and cdktf puts the name
 * of the stack before every line.
 */
export function preconditionMessage(output: string, stack: string): string {
  const lines = linesOf(output).map((line) => line.replace(stack, '').replace(/[│╷╵]/g, '').trim());
  const failed = lines.findIndex((line) => line.includes('precondition failed'));
  if (failed < 0) return '';
  const paragraphs = lines
    .slice(failed)
    .join('\n')
    .split(/\n{2,}/);
  // After the title come the place and the values, and then the message of the stack.
  const message = paragraphs.slice(1).find((paragraph) => !/^on /.test(paragraph) && /\w \w/.test(paragraph));
  return message?.replace(/\s+/g, ' ').trim() ?? '';
}

/** The lines without cdktf's progress, which it writes in between at any moment. */
function linesOf(text: string): string[] {
  const isProgress = (line: string): boolean =>
    /^\d+ Stacks? (deploying|destroying)\b|^Invoking Terraform CLI failed/.test(line.trim());
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !isProgress(line));
}
