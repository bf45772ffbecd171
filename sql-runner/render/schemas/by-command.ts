import { z } from 'zod';
import { ddlCheckDocument } from './ddl-check';
import { ddlDocument } from './ddl';
import { doctorDocument } from './doctor';
import { historyDocument } from './history';
import { planDocument } from './plan';
import { runLine } from './run';
import { schemaDocument } from './schema';
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
  schema: { form: 'document', schema: schemaDocument },
  history: { form: 'document', schema: historyDocument },
  ddl: {
    form: 'document',
    schema: z
      .union([ddlDocument, ddlCheckDocument])
      .meta({ title: 'What sql-runner ddl prints under --json; ddl check has a form of its own' }),
  },
  hold: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner hold prints under --json' }) },
  resume: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner resume prints under --json' }) },
  rotate: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner rotate prints under --json' }) },
  sequences: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner sequences prints under --json' }) },
  refresh: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner refresh prints under --json' }) },
  'large-objects': {
    form: 'lines',
    schema: runLine.meta({ title: 'A line that sql-runner large-objects prints under --json' }),
  },
  skip: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner skip prints under --json' }) },
  resync: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner resync prints under --json' }) },
  repair: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner repair prints under --json' }) },
  reset: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner reset prints under --json' }) },
  teardown: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner teardown prints under --json' }) },
  rollout: { form: 'lines', schema: runLine.meta({ title: 'A line that sql-runner rollout prints under --json' }) },
};
