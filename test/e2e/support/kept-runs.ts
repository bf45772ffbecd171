import type { Ending } from './cli-process';

interface Run {
  readonly run: string;
  readonly mode: string;
  readonly outcome: string | null;
  readonly exitCode: number | null;
  readonly fingerprint: string | null;
  readonly who: { readonly arn: string | null; readonly login: string | null };
  readonly changes: readonly { readonly id: string; readonly outcome: string }[];
  readonly comparison?: object;
}

interface Shown {
  readonly sources: readonly { readonly kind: string; readonly since: string | null; readonly runs: number }[];
  readonly runs: readonly Run[];
}

export const shownBy = ({ stdout }: Ending): Shown => JSON.parse(stdout) as Shown;

/** Of runs that were made, the latest first: what each was to do, and what came of it. */
export function expectKept(shown: Shown, ...wanted: readonly (readonly [mode: string, outcome: string])[]): void {
  expect(shown.runs.map(({ mode, outcome }) => [mode, outcome])).toEqual(wanted);
  for (const run of shown.runs) {
    expect(run.exitCode === 0).toBe(['applied', 'equal'].includes(run.outcome!));
    if (run.mode === 'verify') expect(run.comparison).toMatchObject({ whole: true, against: [] });
    else if (run.exitCode === 0) expect(run.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(run.changes.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'made')).toEqual([]);
    expect(run.who).toMatchObject({ arn: expect.stringContaining('arn:'), login: expect.any(String) });
  }
}
