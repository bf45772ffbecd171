import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentFile } from '../environments/files';
import { OperatorError } from '../errors/operator-error';
import { labDirectory, labHome, listLabs, DEFAULT_LAB } from './directory';
import { remember } from './faults/broken';
import { isRunning, openLab, startLab, type Lab } from './lab';
import { howToLogIn, loginOf } from './login';
import { exportLines, statusReport, statusText } from './report';
import { stopLab } from './shutdown';
import { labProcesses } from './processes';
import { startServers } from './servers';

export interface UpOptions {
  readonly environment: string;
  readonly environmentFile?: string;
  readonly name: string;
  readonly port?: number;
  readonly postgresPort?: number;
}

export async function up(options: UpOptions): Promise<void> {
  const { name, port, postgresPort } = options;
  const file = options.environmentFile ?? environmentFile(options.environment);
  if (isRunning(labDirectory(name))) {
    assertSameEnvironment(openLab(name), file);
    console.log(`Lab "${name}" is up already.\n`);
    console.log(statusText(openLab(name)));
    return;
  }
  // Its data may be dear: only down removes it.
  if (isLeft(name)) throw broken(name);
  const began = Date.now();
  const lab = await startLab({ environmentFile: file, name, port, postgresPort });
  console.log(`Lab "${name}" is up after ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
  console.log(statusText(lab));
  console.log(nextSteps(lab));
}

function assertSameEnvironment({ state }: Lab, file: string): void {
  if (state.environmentFile === resolve(file)) return;
  throw new OperatorError({
    code: 'LAB_ALREADY_UP',
    seen: `Lab "${state.name}" runs already, for ${state.environmentFile}.`,
    why: 'A lab has the accounts and the cluster of one environment.',
    next: `Take it down first (npm run lab -- down --name ${state.name}), or start another one beside it with --name.`,
  });
}

function nextSteps(lab: Lab): string {
  const { state } = lab;
  const named = state.name === DEFAULT_LAB ? '' : ` --name ${state.name}`;
  return [
    '',
    'Next:',
    `  npm run lab -- seed${named}       give the production databases tables and rows (environment demo)`,
    `  eval "$(npm run -s lab -- env${named})"       point Terraform, the AWS tools and sql-runner at the lab`,
    `  npx cdktf deploy ${state.environment}-source --output "$CDKTF_OUTPUT"`,
    `  npx sql-runner plan ${state.environment}       what comes next, here and at every later step`,
    `  npm run lab -- writers start${named}       let production write, once it is seeded`,
    `  npm run lab -- break --list${named}       what can go wrong, to practise`,
    `  npm run lab -- status${named}`,
    `  npm run lab -- down${named}       stop everything and remove every file`,
    '',
    ...howToLogIn(lab),
  ].join('\n');
}

/** Starts servers that were killed. */
export async function start({ name }: { name: string }): Promise<void> {
  const lab = openLab(name);
  const started = await startServers(lab);
  // Whoever has started it has put the crash back.
  for (const side of started) remember(lab.directory, `kill ${side}`, null);
  console.log(
    started.length === 0 ? 'Every server runs already.' : `Started: the server of the ${started.join(' and of the ')}.`,
  );
}

export async function down(options: { name: string; all?: boolean }): Promise<void> {
  const names = options.all === true ? listLabs() : [options.name];
  if (names.length === 0) console.log('There is no lab to take down.');
  for (const name of names) {
    const directory = labDirectory(name);
    const existed = existsSync(directory) || labProcesses(directory).length > 0;
    await stopLab(directory);
    console.log(existed ? `Lab "${name}" is down. No process and no file of it is left.` : `Lab "${name}" is not up.`);
  }
}

export function status(options: { name: string; json?: boolean }): void {
  const directory = labDirectory(options.name);
  const running = isRunning(directory);
  if (options.json === true) {
    const report = running ? statusReport(openLab(options.name)) : { running, name: options.name };
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  if (running) {
    const lab = openLab(options.name);
    console.log(statusText(lab));
    // A clone that was replaced since has another port and password.
    loginOf(lab, 'source');
    return;
  }
  if (isLeft(options.name)) throw broken(options.name);
  console.log(
    listLabs(labHome()).includes(options.name)
      ? `Lab "${options.name}" is coming up or going down. Look again in a moment.`
      : `Lab "${options.name}" is not up. Start it: npm run lab -- up --name ${options.name}`,
  );
  const others = listLabs(labHome()).filter((name) => name !== options.name);
  if (others.length > 0) console.log(`Other labs: ${others.join(', ')}`);
}

export function env(options: { name: string }): void {
  console.log(exportLines(openLab(options.name).env));
}

/** What is left of a lab whose daemon has died. */
function isLeft(name: string): boolean {
  return listLabs().includes(name) && !labProcesses(labDirectory(name)).some(({ kind }) => kind === 'daemon');
}

function broken(name: string): OperatorError {
  const directory = labDirectory(name);
  const left = labProcesses(directory).length;
  return new OperatorError({
    code: 'LAB_BROKEN',
    seen: `Lab "${name}" in ${directory} has no living daemon; its files are there, and ${left} of its processes still run.`,
    why: 'Nothing answers for AWS any more, so neither Terraform nor sql-runner can work with it.',
    next: `Remove what is left, its data too: npm run lab -- down --name ${name}, and start anew. Or keep it, and start another one beside it with --name.`,
  });
}
