import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import { SIDES, type Lab, type Side } from './lab';
import { serverPid, startServer, stopServer, type ServerPlace } from './postgres/server-process';
import { instancesOf } from './aws/clusters';

/** Where the server of a side lives. @throws OperatorError LAB_NO_CLONE */
export function serverOf(lab: Lab, side: Side): ServerPlace {
  const { directory } = lab.cluster(side);
  return {
    binaries: { pgCtl: join(programsOf(lab.directory), 'pg_ctl') },
    dataDirectory: join(directory, 'data'),
    logFile: join(directory, 'server.log'),
  };
}

/** A lab has the programs of one version, in its own directory. */
function programsOf(directory: string): string {
  const found = readdirSync(directory).find((name) => name.startsWith('postgresql-'));
  if (found === undefined) throw new Error(`${directory} has no programs of PostgreSQL`);
  return join(directory, found, 'bin');
}

/** Looks at the process, and not at what the lab has written down: whoever kills a server tells nobody. */
function isUp(lab: Lab, side: Side): boolean {
  return serverPid(serverOf(lab, side).dataDirectory) !== undefined;
}

/** Of those sides whose server ought to run: a cluster without an instance has none. */
export function serversDown(lab: Lab): Side[] {
  const accounts = Object.values(lab.state.world.accounts);
  return lab.sides.filter((side) => {
    const cluster = lab.cluster(side);
    const account = accounts.find(({ clusters }) => Object.values(clusters).some(({ arn }) => arn === cluster.arn));
    return account !== undefined && instancesOf(account, cluster).length > 0 && !isUp(lab, side);
  });
}

/** Starts the servers that ought to run and do not. @returns their sides */
export async function startServers(lab: Lab): Promise<Side[]> {
  const down = serversDown(lab);
  for (const side of down) await startServer(serverOf(lab, side));
  return down;
}

/** Stops a server, does something while nothing listens there, and starts it again. */
export async function whileStopped(
  place: ServerPlace,
  work: () => Promise<void>,
  mode: 'fast' | 'immediate' = 'fast',
): Promise<void> {
  await stopServer(place, mode);
  try {
    await work();
  } finally {
    await startServer(place);
  }
}

/** @throws OperatorError LAB_SERVER_DOWN */
export function assertUp(lab: Lab, sides: readonly Side[] = SIDES): void {
  for (const side of sides) if (!isUp(lab, side)) throw down(lab, side);
}

function down(lab: Lab, side: Side): OperatorError {
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_SERVER_DOWN',
    seen: `The server of the ${side} does not run.`,
    why: 'It was stopped or killed, and nobody can log in.',
    next: `Start it: npm run -s lab -- start --name ${name}`,
  });
}
