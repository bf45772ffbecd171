import { type Demo, ENVIRONMENT } from './context';
import { ensure, ensureExit } from './ensure';
import { grouped } from './narrator';
import { readVerification } from './verification';

/** Rows compared while the writers go on, and nothing left to plan. */
export async function tellOfProof({ narrator, tools, writers, facts }: Demo): Promise<void> {
  await narrator.step(`sql-runner verify ${ENVIRONMENT}: every row of every table, writers running`, async (say) => {
    const before = writers.counts().committed;
    const verified = ensureExit('verify', await tools.sqlRunner('verify', ENVIRONMENT, '--json'), 0);
    const result = readVerification(verified.stdout);
    const all = result.tables.length;
    const equal = result.tables.filter((table) => table.equal).length;
    ensure(all > 0 && equal === all, `verify ended 0 with ${equal} of ${all} tables equal.`);
    Object.assign(facts, { verifiedTables: all, equalTables: equal });
    say(`${equal} of ${all} tables equal, ${grouped(result.rows)} rows compared`);
    say(`${writers.counts().committed - before} transactions committed on the source meanwhile`);
  });
  await narrator.step(`sql-runner plan ${ENVIRONMENT} again`, async (say) => {
    ensureExit('the plan', await tools.sqlRunner('plan', ENVIRONMENT, '--detailed-exitcode'), 0);
    say('exit code 0: nothing to do');
  });
}
