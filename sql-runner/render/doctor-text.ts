import type { CheckResult, CheckStatus, Diagnosis } from '../actions/doctor';
import type { LookedAt } from '../model/plan';
import { lookedText } from './plan-text';
import type { Style } from './style';
import { wrapped } from './wrapped';

const GROUPS: Readonly<Record<CheckResult['side'], string>> = {
  both: 'Environment',
  source: 'Source',
  production: 'Around production',
  target: 'Clone',
  streams: 'Streams',
};
const PROBLEMS: readonly CheckStatus[] = ['fail', 'warn', 'info'];
const OTHERS: readonly CheckStatus[] = ['skipped', 'pass'];

/**
 * Problems first, grouped by what they are about; what passed, and what could not be looked at, below. The last line
 * says how it stands.
 * @param onlyProblems what passed is only counted
 */
export function diagnosisText(diagnosis: Diagnosis, style: Style, onlyProblems = false): string {
  const { results } = diagnosis;
  const wanted = (statuses: readonly CheckStatus[]) => results.filter(({ status }) => statuses.includes(status));
  const problems = Object.entries(GROUPS).flatMap(([side, title]) => {
    const own = wanted(PROBLEMS).filter((result) => result.side === side);
    const sorted = [...own].sort((a, b) => PROBLEMS.indexOf(a.status) - PROBLEMS.indexOf(b.status));
    return own.length === 0 ? [] : [style.bold(title), ...sorted.flatMap((result) => problemText(result, style)), ''];
  });
  const others = onlyProblems ? [] : wanted(OTHERS).map((result) => otherText(result, style));
  return [...problems, ...others, ...(others.length > 0 ? [''] : []), summary(diagnosis, style)].join('\n');
}

function problemText({ code, status, findings }: CheckResult, style: Style): string[] {
  return [
    `  ${paint(status, style)}  ${style.bold(code)}`,
    ...findings.flatMap(({ seen, why, next }) => [
      ...lines('       ', seen),
      ...lines('        Why it matters:', why),
      ...lines('        What to do:', next),
    ]),
  ];
}

/** Where it was told in lines it stays in lines. */
const lines = (head: string, text: string): string[] =>
  text.split('\n').flatMap((line, index) => wrapped(index === 0 ? head : '         ', line.trim(), 10));

function otherText({ code, side, status, holds }: CheckResult, style: Style): string {
  if (status === 'pass') return `  ${paint(status, style)}  ${style.dim(code)}  ${holds ?? ''}`;
  const why =
    side === 'production'
      ? 'it could not be looked at, or the contract does not name it'
      : 'its side could not be read, or there is no clone yet';
  return `  ${paint(status, style)}  ${style.bold(code)}  ${why}`;
}

function summary({ environment, results, looked, connected }: Diagnosis, style: Style): string {
  const count = (status: CheckStatus) => results.filter((result) => result.status === status).length;
  const failed = count('fail');
  const head =
    failed > 0
      ? style.red(failed === 1 ? '1 check fails' : `${failed} checks fail`)
      : connected
        ? health(looked, style)
        : style.green('Ready');
  const counts = `environment ${style.bold(environment)}, ${count('pass')} passed, ${count('warn')} warnings, ${count('info')} notes, ${failed} failed, ${count('skipped')} skipped.`;
  const streams = connected
    ? ` ${looked === null ? 'The streams were not looked at.' : lookedText(looked, failed === 0)}`
    : '';
  return wrapped('', `${head}: ${counts}${streams}`, 2).join('\n');
}

/** Only what was looked at is called healthy. */
function health(looked: LookedAt | null, style: Style): string {
  if (looked !== null && looked.following === looked.streams) return style.green('Healthy');
  return style.yellow('Nothing fails, but not every stream was seen to follow');
}

function paint(status: CheckStatus, style: Style): string {
  const text = status.padEnd(7);
  switch (status) {
    case 'pass':
      return style.green(text);
    case 'warn':
      return style.yellow(text);
    case 'fail':
      return style.red(text);
    default:
      return style.dim(text);
  }
}
