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

/** Of a run of sequences, the statement of one of them, and how each change ended. */
export function sequenceHighlights(stdout: string, sequence: string): string[] {
  const quoted = sequence
    .split('.')
    .map((name) => `"${name}"`)
    .join('.');
  const statement = linesOf(stdout).filter((line) => line.includes(`setval('${quoted}'`));
  return [...statement.map((line) => line.trim()), ...applyHighlights(stdout)];
}

/** The advice in an error of ours. */
export function adviceOf(stderr: string): string {
  return /What to do: (.*)/.exec(stderr)?.[1]?.trim() ?? '';
}

/** The statements of an advice that status prints in wrapped lines: those to look with, and those that put it right. */
export function statementsOnClone(stdout: string): { database: string; look: string; heal: string } | null {
  const whole = stdout.replace(/\s+/g, ' ');
  const match = /\((SELECT [^;]+?)\), .*? in database (\S+) on the clone: (.+?;)(?= |$)/.exec(whole);
  return match === null ? null : { look: match[1]!, database: match[2]!, heal: match[3]! };
}

/** Terraform's own count, as in `Apply complete! Resources: 9 added, 0 changed, 0 destroyed.` */
export function terraformSummary(stdout: string): string {
  return /(Apply|Destroy) complete! Resources: [^\n]*/.exec(stdout)?.[0].trim() ?? '';
}

/** What the target stack puts out while there is no clone, as cdktf lists it in the end. */
export function nextStepOf(stdout: string): string {
  return /next_step = "?(There is no clone yet[^"\n]*)/.exec(stdout)?.[1]?.trim() ?? '';
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
