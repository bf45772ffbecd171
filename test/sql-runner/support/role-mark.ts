import { formatMark } from '../../../sql-runner/model/mark';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';

/** Makes the replication role of a test server ours: of another one nothing is checked. */
export const ROLE_MARK = `COMMENT ON ROLE acas_demo IS ${quoteLiteral(formatMark({ kind: 'role', environment: 'demo' }))}`;
