import { formatMark } from '../../../sql-runner/model/mark';
import type { Fires } from './provocations';

const log = {
  schema: 'acas_demo_shop_ddl',
  comment: formatMark({ kind: 'ddl', environment: 'demo' }),
  log: true,
  owner: 'master',
  eventTriggers: [],
  triggers: [],
  publications: [],
  taken: false,
  missed: null,
  stopped: null,
  failed: null,
};

export const FIRES_ON_DDL: readonly Fires[] = [
  [
    'DDL_STOPPED',
    'block',
    ({ target }) => target.databases.shop!.ddl.push({ ...log, stopped: 12 }, { ...log, comment: null, stopped: 13 }),
    'sql-runner ddl show demo 12',
  ],
  [
    'DDL_FAILED',
    'warn',
    ({ target }) => target.databases.shop!.ddl.push({ ...log, failed: [7, 3] }, { ...log, comment: null, failed: [9] }),
    'sql-runner ddl skip demo 7',
  ],
  [
    'DDL_NOT_NOTED',
    'warn',
    ({ source }) => source.databases.shop!.ddl.push({ ...log, missed: 2 }, { ...log, schema: 'another', missed: 3 }),
    'the log of the source',
  ],
];
