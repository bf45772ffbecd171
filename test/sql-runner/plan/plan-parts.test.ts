import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from '../../../sql-runner/checks/preflight';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { readPlanFile, writePlanFile } from '../../../sql-runner/actions/plan-file';
import { withPreflight } from '../../../sql-runner/plan/plan-preflight';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, SEED, untouched, withStream } from '../support/observations';
import { expectBlocked } from '../support/plans';
import { healthy } from '../support/surveys';

const contract = sourceContract();

test('room for the workers is asked for while one stream of several is still to be connected', () => {
  const half = withStream(contract, cloned(contract), 'shop', { enabled: true, progress: SEED });
  const tight = edit(half, ({ target }) => (target!.server.maxLogicalReplicationWorkers = 1));
  expectBlocked(planApply(contract, tight), 'TARGET_WORKERS_TOO_FEW');
});

test('what the preflight blocks is told beside what the plan found itself', () => {
  const warning = { code: 'TLS_NOT_FORCED', severity: 'warn', seen: 's', why: 'w', next: 'n' } as const;
  const plan = { ...planApply(contract, untouched(contract)), findings: [warning] };
  const { source, target } = edit(healthy(contract), (draft) => (draft.source.role!.memberOfRdsIam = true));
  const { findings } = withPreflight(plan, runChecks(contract, { source, target }));
  expect(findings.map(({ code }) => code)).toEqual(['TLS_NOT_FORCED', 'ROLE_NEEDS_IAM']);
});

test('the plan of a reset can be saved as well', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'plan parts '));
  const plan = planReset(contract, following(contract));
  try {
    await writePlanFile(join(directory, 'reset.json'), plan);
    expect(await readPlanFile(join(directory, 'reset.json'))).toEqual(JSON.parse(JSON.stringify(plan)));
  } finally {
    await rm(directory, { recursive: true });
  }
});
