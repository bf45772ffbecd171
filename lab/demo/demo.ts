import { join } from 'node:path';
import { outliveReaders } from '../../errors/closed-pipe';
import { describeOperatorError, OperatorError } from '../../errors/operator-error';
import { connectBy } from '../connections';
import { type Lab, startLab } from '../lab';
import { ensureTerraform } from '../terraform/ensure';
import { tellOfEnding } from './chapter-ending';
import { tellHowToExplore } from './chapter-keep';
import { tellOfProduction } from './chapter-production';
import { tellOfProof } from './chapter-proof';
import { tellOfRepair } from './chapter-repair';
import { tellOfRollout } from './chapter-rollout';
import { tellOfSchema } from './chapter-schema';
import { tellOfSequences } from './chapter-sequences';
import { endChildren } from './child';
import { type Demo, ENVIRONMENT, type Stage } from './context';
import { interruption } from './interruption';
import { keepLogs } from './kept-logs';
import { Narrator } from './narrator';
import { DEMO_HELP, type DemoOptions, readDemoOptions } from './options';
import { summaryLines } from './summary';
import { PROJECT, Toolchain } from './toolchain';

/** What has to be undone when the story ends early. */
interface Started {
  lab?: Promise<Lab>;
  logs?: string;
}

async function tell(options: DemoOptions, narrator: Narrator, started: Started): Promise<void> {
  const environmentFile = join(PROJECT, 'environments', `${ENVIRONMENT}.yaml`);
  await narrator.step('Check the tools', async (say) => {
    const { version } = await ensureTerraform({ say });
    say(`terraform ${version}, node ${process.versions.node}`);
  });
  const lab = await narrator.step(
    'Start the lab: two AWS accounts, a production cluster in one of them',
    async (say) => {
      started.lab = startLab({ environmentFile, name: options.name });
      const up = await started.lab;
      say(`in ${up.directory}`);
      return up;
    },
  );
  const stage: Stage = {
    options,
    narrator,
    lab,
    tools: new Toolchain(join(lab.directory, 'demo'), environmentFile, lab.env),
    source: connectBy((database) => lab.sourceConnection(database)),
    target: connectBy((database) => lab.cloneConnection(database)),
    facts: {},
  };
  started.logs = stage.tools.logs;
  const demo: Demo = { ...stage, writers: await tellOfProduction(stage) };
  await tellOfRollout(demo);
  await tellOfProof(demo);
  await tellOfRepair(demo);
  await tellOfSchema(demo);
  await tellOfSequences(demo);
  if (options.keep) await demo.writers.stop();
  else await tellOfEnding(demo);
  narrator.line();
  summaryLines(demo.facts, narrator.seconds).forEach((line) => narrator.line(line));
  if (options.keep) tellHowToExplore(demo);
}

/** Undoes everything and says what went wrong, where, and which logs are kept. */
async function cleanUp(error: unknown, narrator: Narrator, { lab, logs }: Started): Promise<void> {
  narrator.end();
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);
  complain('');
  complain(narrator.title === '' ? 'The demo did not start.' : `The demo ended early, in step ${narrator.title}.`);
  complain(error instanceof OperatorError ? describeOperatorError(error) : String(error));
  await endChildren();
  const kept = logs === undefined ? undefined : keepLogs(logs);
  if (kept !== undefined) complain(`Logs of every command: ${kept}`);
  // A lab that is about to start is let to, so that it can be taken down; one that failed to has cleaned up itself.
  await (await lab?.catch(() => undefined))?.down();
}

async function main(): Promise<void> {
  // Whom the story is told to has left: it ends as if interrupted, and cleans up.
  outliveReaders(() => process.kill(process.pid, 'SIGTERM'));
  const narrator = Narrator.on(process.stdout);
  const started: Started = {};
  try {
    const options = readDemoOptions(process.argv.slice(2));
    if (options.help) return narrator.line(DEMO_HELP);
    const story = tell(options, narrator, started);
    // When the interruption wins, what the story then fails with is only its consequence.
    story.catch(() => undefined);
    await Promise.race([story, interruption()]);
  } catch (error) {
    process.exitCode = 1;
    await cleanUp(error, narrator, started);
  }
}

void main().finally(() => process.exit());
