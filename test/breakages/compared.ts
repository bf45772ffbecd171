import { exitOfVerification } from '../../sql-runner/actions/exit-of-verification';
import { isEqual, verifyEnvironment, type Verification } from '../../sql-runner/actions/verify';
import { newClone } from '../../sql-runner/model/streams';
import { verdictText, verifySummary } from '../../sql-runner/render/verify-text';
import { styleFor } from '../../sql-runner/render/style';
import type { BrokenWorld } from './broken-world';

const plain = styleFor(process.stdout, true);

/** What `sql-runner verify` says of database shop. */
export interface Compared {
  readonly text: string;
  readonly exit: number;
  readonly equal: boolean;
}

export async function compared({ lab }: BrokenWorld): Promise<Compared> {
  const result: Verification = await verifyEnvironment(lab.open, lab.contracts, {
    databases: ['shop'],
    concurrency: 4,
    settleTimeoutMs: 20_000,
    statementTimeoutMs: 20_000,
    onVerdict: () => undefined,
  });
  const verdicts = result.tables.map((verdict) => verdictText(verdict, plain));
  const text = [...verdicts, verifySummary(result, plain, newClone(lab.contract))].join('\n');
  return { text, exit: exitOfVerification(result), equal: isEqual(result) };
}
