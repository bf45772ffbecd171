import type { Client } from 'pg';
import { carryOut, printedRun } from '../../sql-runner/checks/printed-fix';
import { diagnosisOf } from './looks';
import { refusalOf, type DirectLab } from './direct-lab';
import { execute } from './provocations';

/** The finding that stops the plan of now. */
export async function findingOf(world: DirectLab, code: string) {
  const { findings } = await world.plan();
  const found = findings.find((finding) => finding.code === code);
  if (found === undefined)
    throw new Error(`${code} is not among ${findings.map((finding) => finding.code).join(', ')}`);
  return found;
}

/** On a session of the master user that ends with the work. */
export async function healing(connected: Promise<Client>, work: (session: Client) => Promise<void>): Promise<void> {
  const session = await connected;
  await work(session).finally(() => session.end());
}

/** Leftovers under our names on a source that is not prepared yet: dropped, and then prepared, as printed. */
export async function dropLeftovers(world: DirectLab, name: string): Promise<void> {
  await execute(await world.source('shop'), [
    `CREATE PUBLICATION ${name}`,
    `SELECT pg_create_physical_replication_slot('${name}')`,
  ]);
  const publication = await findingOf(world, 'PUBLICATION_NAME_TAKEN');
  await healing(world.source('shop'), (session) => carryOut(publication, session, 'PUBLICATION_NAME_TAKEN'));
  const slot = await findingOf(world, 'SLOT_NAME_TAKEN');
  await healing(world.source('shop'), (session) => carryOut(slot, session, 'SLOT_NAME_TAKEN'));
  expect((await world.plan()).findings.filter(({ severity }) => severity === 'block')).toEqual([]);
  const [nothing] = (await world.plan('reset')).findings.filter(({ code }) => code === 'NOTHING_TO_RESET');
  // It needs a reboot, which nobody has agreed to; doctor prints the command that does.
  expect(await refusalOf(world.follow(printedRun(nothing!, 'NOTHING_TO_RESET')))).toBe('CONSENT_MISSING');
  const walLevel = async () =>
    (await diagnosisOf(world)).results
      .flatMap(({ findings }) => findings)
      .filter(({ code }) => code === 'WAL_LEVEL_NOT_LOGICAL');
  expect(await world.follow(printedRun((await walLevel())[0]!, 'WAL_LEVEL_NOT_LOGICAL'))).toBe('applied');
  expect(await walLevel()).toEqual([]);
  expect((await world.plan('reset')).findings.map(({ code }) => code)).not.toContain('NOTHING_TO_RESET');
}
