import type { z } from 'zod';
import { ddlDocument } from './ddl';
import { doctorDocument } from './doctor';
import { historyDocument } from './history';
import { planDocument } from './plan';
import { runLine } from './run';
import { serveLine } from './serve';
import { statusDocument } from './status';
import { verifyDocument } from './verify';
import { watchLine } from './watch';

/**
 * What each command prints under `--json`: one document, or lines. Whatever fails prints an error as its last line,
 * after the document where there is one. The schemas are read by docs/generate and by tests: no command needs them.
 */
export const SCHEMAS: Readonly<Record<string, { readonly form: 'document' | 'lines'; readonly schema: z.ZodType }>> = {
  doctor: { form: 'document', schema: doctorDocument },
  plan: { form: 'document', schema: planDocument },
  apply: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner apply prints under --json' }) },
  status: { form: 'document', schema: statusDocument },
  watch: { form: 'lines', schema: watchLine },
  serve: { form: 'lines', schema: serveLine },
  verify: { form: 'document', schema: verifyDocument },
  history: { form: 'document', schema: historyDocument },
  ddl: { form: 'document', schema: ddlDocument },
  hold: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner hold prints under --json' }) },
  resume: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner resume prints under --json' }) },
  rotate: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner rotate prints under --json' }) },
  sequences: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner sequences prints under --json' }) },
  reset: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner reset prints under --json' }) },
  teardown: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner teardown prints under --json' }) },
  rollout: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner rollout prints under --json' }) },
};
