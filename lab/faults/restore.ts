import { rm } from 'node:fs/promises';
import { OperatorError } from '../../errors/operator-error';
import { inSession } from '../connections';
import { writersRun } from '../jobs';
import type { Lab } from '../lab';
import { exchangeFiles, keepFiles } from '../older-files';
import { eventually } from '../processes';
import { serverOf } from '../servers';
import type { Fault } from './fault';
import { DATABASE, followingStream, TABLE } from './stream';

/** Rows that are written after the backup: more WAL than a server writes by itself as it starts. */
const ROWS = 5_000;
const PATIENCE_MS = 120_000;

/** Production is restored from a backup under its own name, and the clone has what the backup has not. */
export const restore: Fault = {
  about: 'production is put back to an older copy: the clone is ahead',
  async bringAbout(lab) {
    await followingStream(lab);
    if (writersRun(lab.directory)) throw writersInTheWay(lab);
    const older = await keepFiles(serverOf(lab, 'source'));
    const last = await writeRows(lab);
    if (!(await eventually(() => hasArrived(lab, last), PATIENCE_MS)))
      throw new Error('the clone did not get the rows');
    // Until it is put back, the files of now stay where those of the backup were.
    await exchangeFiles(serverOf(lab, 'source'), older.kept);
    return {
      did: [
        `A copy of production was taken, as a backup; then it wrote ${ROWS} rows into ${TABLE}, which the clone has.`,
        'Then production was put back to the copy, and knows nothing of these rows.',
      ],
      see: [
        'The clone has rows that production has not, and the stream begins again before them.',
        'plan and doctor: SOURCE_PUT_BACK; status calls the stream broken.',
        'Healing gives production the files that it had; on a real account only a new clone heals.',
      ],
      facts: { kept: older.kept },
    };
  },
  async heal(lab, { kept = '' }) {
    if (writersRun(lab.directory)) throw writersInTheWay(lab);
    await exchangeFiles(serverOf(lab, 'source'), kept);
    await rm(kept, { recursive: true, force: true });
    return ['Production has the files again that it had before it was put back.'];
  },
};

/** @returns the key of the last one */
async function writeRows(lab: Lab): Promise<string> {
  return inSession(lab.connection('source', DATABASE), async (client) => {
    const { rows } = await client.query<{ last: string }>(
      `WITH written AS (
         INSERT INTO ${TABLE} (name, email, signed_up)
         SELECT 'after the backup', 'late.' || n || '@example.com', now() FROM generate_series(1, $1::int) AS n
         RETURNING id)
       SELECT max(id)::text AS last FROM written`,
      [ROWS],
    );
    return rows[0]?.last ?? '';
  });
}

async function hasArrived(lab: Lab, id: string): Promise<boolean> {
  return inSession(lab.connection('clone', DATABASE), async (client) => {
    const { rows } = await client.query(`SELECT FROM ${TABLE} WHERE id = $1`, [id]);
    return rows.length > 0;
  });
}

function writersInTheWay(lab: Lab): OperatorError {
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_WRITERS_IN_THE_WAY',
    seen: 'The writers write to production.',
    why: 'What they write to one of two copies of production would be missing in the other.',
    next: `Stop them first: npm run -s lab -- writers stop --name ${name}`,
  });
}
