import type { CheckResult, CheckStatus, Diagnosis } from '../actions/doctor';
import type { LookedAt } from '../model/plan';
import { lookedText } from './plan-text';
import type { Style } from './style';

const ORDER: readonly CheckStatus[] = ['pass', 'skipped', 'info', 'warn', 'fail'];

/** One line a check; what was found, why it matters and the fix below. The worst comes last, next to the prompt. */
export function diagnosisText(diagnosis: Diagnosis, style: Style): string {
  const { results } = diagnosis;
  const sorted = [...results].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return [...sorted.map((result) => resultText(result, style)), '', summary(diagnosis, style)].join('\n');
}

function resultText({ code, status, holds, findings }: CheckResult, style: Style): string {
  const head = `  ${paint(status, style)}  ${style.bold(code)}`;
  if (status === 'pass') return `  ${paint(status, style)}  ${style.dim(code)}  ${holds ?? ''}`;
  if (status === 'skipped') return `${head}  its side could not be read, or there is no clone yet`;
  const details = findings.map(({ seen, why, next }) =>
    [`        ${seen}`, `        Why it matters: ${why}`, `        What to do: ${next}`].join('\n'),
  );
  return [head, ...details].join('\n');
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
  return `${head}: ${counts}${streams}`;
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
