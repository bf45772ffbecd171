import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { environmentFile } from '../environments/files';
import { loadEnvironment } from '../environments/loader';
import { synthesize } from '../stacks/synthesize';
import { fileText } from './file-text';
import { lengthOf, LONGEST_POLICY } from './policy/pack';
import { policiesOf, type Policy } from './policy/policies';

interface Options {
  readonly out?: string;
  readonly instances?: readonly string[];
}

/** Writes the policies of an environment, one a file, and says whom each is for. */
export function program(write: (text: string) => void): Command {
  return new Command('iam')
    .description('write the IAM policies of an environment, one a file, with its own ARNs')
    .argument('<environment>', 'one of environments/')
    .option('--out <folder>', 'where to; default: iam-policies/<environment>')
    .option('--instances <name...>', 'instances of production, with * and ?; default: <cluster>-? and <cluster>-??')
    .addHelpText('after', '\nExample:\n  npm run -s iam -- example --instances "shop-db-*"')
    .showHelpAfterError('(--help shows the options)')
    .action((name: string, options: Options) => {
      const environment = loadEnvironment(environmentFile(name));
      const policies = policiesOf(environment, synthesize(environment), options.instances);
      const folder = options.out ?? join('iam-policies', name);
      writeInto(folder, policies);
      write(listed(folder, policies));
    });
}

/** Those of a former run go: what they allow may be more. */
function writeInto(folder: string, policies: readonly Policy[]): void {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (FORMER.test(file)) rmSync(join(folder, file));
  for (const policy of policies) writeFileSync(join(folder, `${policy.name}.json`), fileText(policy));
}

const FORMER = /^(terraform|state|sql-runner)-[a-z-]*(source|target)(-\d+)?\.json$/;

/** By role, and then what a role that does less would have instead. */
function listed(folder: string, policies: readonly Policy[]): string {
  const roles = [...new Set(policies.map(({ role }) => role))].sort(
    (one, other) => Number(one === null) - Number(other === null),
  );
  const width = Math.max(...policies.map(({ name }) => name.length)) + 5;
  return [
    `${policies.length} policies, with their characters (AWS takes ${LONGEST_POLICY}), in`,
    folder,
    ...roles.flatMap((role) => [
      `\n${role ?? 'For roles that do less'}`,
      ...policies
        .filter((policy) => policy.role === role)
        .map(({ name, document }) => `  ${`${name}.json`.padEnd(width)} ${String(lengthOf(document)).padStart(4)}`),
    ]),
    '\nWhat each is for: docs/iam.md',
  ].join('\n');
}
