import { join } from 'node:path';
import { exploreWith } from './connections';
import { type Demo, ENVIRONMENT } from './context';

/** Says how to look around in what --keep leaves running. */
export function tellHowToExplore({ narrator, tools, lab, options }: Demo): void {
  const say = (line = ''): void => narrator.line(line);
  const passwordFile = join(tools.folder, 'pgpass');
  const targets = exploreWith(lab, passwordFile);
  say();
  say('The lab keeps running, its writers have stopped. To go on in this directory:');
  say();
  say(`  eval "$(npm run -s lab -- env --name ${options.name})"`);
  for (const verb of ['status', 'plan', 'verify', 'teardown']) {
    say(`  npx sql-runner ${verb} ${ENVIRONMENT}`);
  }
  say();
  say('To look into both sides (the passwords are in that file):');
  say();
  say(`  export PGPASSFILE='${passwordFile}'`);
  for (const { side, url } of targets) say(`  psql '${url}'   # ${side}`);
  say();
  say(`To end it and remove everything: npm run lab -- down --name ${options.name}`);
}
