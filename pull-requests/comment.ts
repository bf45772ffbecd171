import { alarms } from './alarms';
import type { Action, PlannedChange, PlanSummary } from './plan-summary';

/** How the planning of one stack ended. */
export type StackOutcome =
  | { readonly stack: string; readonly kind: 'planned'; readonly summary: PlanSummary }
  /** It cannot be planned yet, or not from here, and that is as it should be. */
  | { readonly stack: string; readonly kind: 'waiting'; readonly why: string }
  /** The change takes it away: nothing of it is deployed, as far as can be seen, or something still is. */
  | { readonly stack: string; readonly kind: 'removed' | 'deployed'; readonly why: string }
  /** The change names another place for its state, which is still where it was. */
  | { readonly stack: string; readonly kind: 'unmoved'; readonly why: string }
  | { readonly stack: string; readonly kind: 'failed'; readonly why: string };

/** By it the comment is found again, so that a pull request has one. */
export const MARK = '<!-- aurora-cross-account-sync: plans -->';

/** GitHub takes 65,536 characters. */
export const LONGEST_COMMENT = 60_000;
const LONGEST_REASON = 2_000;
const MOST_ALARMS = 20;
const LONGEST_COST = 4_000;

const SIGN: Readonly<Record<Action, string>> = {
  replace: '-/+',
  delete: '-',
  create: '+',
  update: '~',
  forget: '.',
  import: '<',
  move: '>',
};
const ORDER = Object.keys(SIGN) as Action[];

export interface CommentParts {
  readonly commit?: string;
  readonly outcomes: readonly StackOutcome[];
  readonly cost?: string;
}

/** The comment of a pull request, as Markdown: what is dangerous first, a table, then each stack as far as there is room. */
export function comment({ commit, outcomes, cost }: CommentParts): string {
  const head = [
    MARK,
    `## Terraform plans${commit === undefined ? '' : ` of ${commit.slice(0, 12).replaceAll(/\W/g, '')}`}`,
    ...alarmLines(outcomes),
    table(outcomes),
    ...forgottenNote(outcomes),
    ...notesOf(outcomes),
    ...costLines(cost),
  ].join('\n\n');
  const budget = (LONGEST_COMMENT - head.length) / Math.max(1, outcomes.length);
  return `${[head, ...outcomes.flatMap((outcome) => details(outcome, budget))].join('\n\n')}\n`;
}

function alarmLines(outcomes: readonly StackOutcome[]): string[] {
  const all = outcomes.flatMap((one) => (one.kind === 'planned' ? alarms(one.stack, one.summary) : []));
  // Of several stacks too, the clone is told first.
  const sorted = [
    ...all.filter((line) => line.includes('THE CLONE')),
    ...all.filter((line) => !line.includes('THE CLONE')),
  ];
  if (sorted.length === 0) return [];
  const more = sorted.length > MOST_ALARMS ? [`> and ${sorted.length - MOST_ALARMS} more, see below`] : [];
  const lines = sorted.slice(0, MOST_ALARMS).map((line) => `> - **${plain(line, 600)}**`);
  return [['> [!CAUTION]', ...lines, ...more].join('\n')];
}

function table(outcomes: readonly StackOutcome[]): string {
  const rows = outcomes.map((outcome) => {
    if (outcome.kind !== 'planned') return `| ${outcome.stack} | ${outcome.kind} | – | – | – | – | – |`;
    const count = (...actions: Action[]): number =>
      outcome.summary.changes.filter(({ action }) => actions.includes(action)).length;
    const said = isEmpty(outcome.summary) ? 'no changes' : outcome.summary.complete ? 'changes' : 'not complete';
    const changed = count('update', 'import', 'move');
    const counts = [count('create'), changed, count('replace'), count('delete'), count('forget')];
    return `| ${outcome.stack} | ${said} | ${counts.join(' | ')} |`;
  });
  const head = '| Stack | Plan | Add | Change | Replace | Destroy | Forget |';
  return [head, '|---|---|--:|--:|--:|--:|--:|', ...rows].join('\n');
}

const isEmpty = ({ changes, outputs, complete }: PlanSummary): boolean =>
  complete && changes.length === 0 && outputs.length === 0;

/** Only Terraform forgets it: the word alone could be read as the end of it. */
function forgottenNote(outcomes: readonly StackOutcome[]): string[] {
  const stacks = outcomes.flatMap((one) =>
    one.kind === 'planned' && one.summary.changes.some(({ action }) => action === 'forget') ? [one.stack] : [],
  );
  if (stacks.length === 0) return [];
  return [
    `What ${stacks.join(' and ')} would forget stays in AWS as it is; no stack manages it any more, and \`cdktf destroy\` leaves it.`,
  ];
}

/** A target is planned with the outputs that its source has now, not with those that this change will give it. */
function notesOf(outcomes: readonly StackOutcome[]): string[] {
  const changing = outcomes.flatMap((one) => (one.kind === 'planned' && !isEmpty(one.summary) ? [one.stack] : []));
  return outcomes.flatMap(({ stack, kind }) => {
    const source = stack.replace(/-target$/, '-source');
    if (kind !== 'planned' || source === stack || !changing.includes(source)) return [];
    return [
      `${stack} is planned with what ${source} puts out now. Once ${source} is deployed, its plan may be another.`,
    ];
  });
}

function costLines(cost: string | undefined): string[] {
  if (cost === undefined || cost.trim() === '') return [];
  return [`<details><summary>Cost</summary>\n\n${fenced('text', cut(cost.trim(), LONGEST_COST))}\n\n</details>`];
}

function details(outcome: StackOutcome, budget: number): string[] {
  if (outcome.kind !== 'planned') {
    return [`### ${outcome.stack}: ${outcome.kind}\n\n${fenced('text', cut(outcome.why, LONGEST_REASON))}`];
  }
  const { changes, outputs, drifted, complete } = outcome.summary;
  if (isEmpty(outcome.summary) && drifted.length === 0) return [];
  const sorted = [...changes].sort((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
  const lines = [
    ...sorted.flatMap(changeLines),
    ...outputs.map((name) => `~ output ${name}`),
    ...drifted.map((address) => `  changed outside of Terraform: ${address}`),
    ...(complete ? [] : ['  Terraform says that this plan is not complete.']),
  ];
  const body = fenced('diff', withinBudget(lines, budget - 200));
  return [`<details><summary>${outcome.stack}</summary>\n\n${body}\n\n</details>`];
}

function changeLines({ address, action, notes, attributes }: PlannedChange): string[] {
  const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return [`${SIGN[action]} ${address}${note}`, ...attributes.map((line) => `      ${line}`)];
}

function withinBudget(lines: readonly string[], budget: number): string {
  let length = 0;
  const kept = lines.filter((line) => (length += line.length + 1) <= budget);
  const left = lines.length - kept.length;
  return [...kept, ...(left === 0 ? [] : [`… ${left} more lines: run terraform plan in the folder of the stack`])].join(
    '\n',
  );
}

const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** In a line of Markdown: without what would end it, name a person or be HTML. */
const plain = (text: string, longest: number): string => cut(text.replaceAll(/[\n<>@`*|]/g, ' '), longest);

/** With more backticks than any run of them inside, so that nothing that is planned can leave the block. */
function fenced(language: string, text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}
