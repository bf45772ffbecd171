import type { Finding } from '../../../sql-runner/model/change';
import { carryOut, printedDeploy, printedNewClone } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';
import { looksOf } from './looks';

const IN_USE = '55006';

/** A database of production under another name is told as that by every command, and follows again once it has its own. */
export async function sourceRenamedIsTold(lab: DirectLab, database: string): Promise<void> {
  const now = `${database} "of" old`;
  const postgres = await lab.source('postgres');
  const rename = () =>
    postgres
      .query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`)
      .then(() => postgres.query(`ALTER DATABASE ${database} RENAME TO "${now.replaceAll('"', '""')}"`))
      .then(
        () => true,
        // The clone has connected again meanwhile.
        (error: { code?: string }) => (error.code === IN_USE ? false : Promise.reject(error as Error)),
      );
  await eventually(rename);
  const blocking = ({ severity, code }: Finding) => severity === 'block' && code !== 'CHANGES_OPEN';
  const { plan, diagnosis, status } = await looksOf(lab);
  const [finding, ...others] = plan.findings.filter(blocking);
  expect([finding?.code, others, plan.changes]).toEqual(['SOURCE_DATABASE_RENAMED', [], []]);
  const ofDoctor = diagnosis.results.flatMap(({ findings }) => findings).map(({ code }) => code);
  expect(ofDoctor).toContain('SOURCE_DATABASE_RENAMED');
  const advice = [...plan.findings.map(({ code }) => code), ...ofDoctor, ...status.beside].join('\n');
  expect(advice).not.toMatch(/TICKET_INCOMPLETE|STREAM_FORGOTTEN/);
  expect(status.beside).toEqual([expect.stringMatching(/^SOURCE_DATABASE_RENAMED: /)]);
  expect(status.streams.find((stream) => stream.database === database)!.state).not.toMatch(/^(streaming|catching up)$/);
  await carryOut(finding!, postgres, 'SOURCE_DATABASE_RENAMED').finally(() => postgres.end());
  await eventually(async () => (await lab.plan()).findings.length === 0);
}

/** @param takeOut of the environment file */
export async function sourceDroppedIsTold(lab: DirectLab, database: string, takeOut: () => void): Promise<void> {
  const slot = `acas_demo_${database}`;
  const postgres = await lab.source('postgres');
  await eventually(() =>
    postgres
      .query(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}'`)
      .then(() => postgres.query(`SELECT pg_drop_replication_slot('${slot}')`))
      .then(
        () => true,
        (error: { code?: string }) => (error.code === IN_USE ? false : Promise.reject(error as Error)),
      ),
  );
  await postgres.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await postgres.end();
  const [finding, ...others] = (await lab.plan()).findings;
  expect([finding?.code, others]).toEqual(['DATABASE_MISSING', []]);
  expect(printedDeploy(finding!, 'DATABASE_MISSING')).toBe(lab.contract.stacks.source);
  takeOut();
  const [reset, deploy, apply] = printedNewClone(finding!, 'DATABASE_MISSING');
  expect(await lab.follow(reset!)).toBe('applied');
  expect(deploy).toEqual(['deploy', lab.contract.stacks.target]);
  await lab.deployTarget();
  expect(await lab.follow(apply!)).toBe('applied');
  await eventually(async () => (await lab.plan()).findings.length === 0);
}
