import { labCommand } from '../hints';
import { howToLogIn } from '../login';
import { type Demo, ENVIRONMENT } from './context';

/** Says how to look around in what --keep leaves running. */
export function tellHowToExplore({ narrator, lab, options }: Demo): void {
  const say = (line = ''): void => narrator.line(line);
  say();
  say('The lab keeps running, its writers have stopped. To go on in this directory:');
  say();
  say(`  eval "$(npm run -s lab -- env --name ${options.name})"`);
  for (const verb of ['status', 'plan', 'verify', 'teardown']) {
    say(`  npx sql-runner ${verb} ${ENVIRONMENT}`);
  }
  say();
  howToLogIn(lab).forEach(say);
  say();
  say('To let production write again, and to practise what operators meet:');
  say();
  say(`  ${labCommand(lab.state.name, 'writers start')}`);
  say(`  ${labCommand(lab.state.name, 'break --list')}`);
  say();
  say(`To end it and remove everything: npm run lab -- down --name ${options.name}`);
}
