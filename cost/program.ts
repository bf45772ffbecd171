import { Command, Option } from 'commander';
import { stackNames } from '../contract/naming';
import { environmentFile } from '../environments/files';
import { loadEnvironment } from '../environments/loader';
import { documentOf } from './document';
import { estimate } from './estimate/estimate';
import { STATED_AMOUNTS, type StatedAmount } from './estimate/stated';
import { asMarkdown } from './markdown';
import { readPrices } from './read-prices';
import type { Report } from './report';
import { statedAmounts } from './stated-amount';
import { synthesize } from '../stacks/synthesize';
import { asText } from './text';

/** What a month of an environment costs, as far as anybody can say. */
export function program(write: (text: string) => void): Command {
  const cli = new Command('cost')
    .description('estimate what a month of both stacks of an environment costs, from the price table of its Region')
    .argument('<environment>', 'one of environments/');
  for (const [name, counts] of Object.entries(STATED_AMOUNTS)) cli.option(`--${name} <number>`, counts);
  return cli
    .addOption(new Option('--json', 'as JSON, docs/schemas/cost.schema.json').conflicts('markdown'))
    .option('--markdown', 'as Markdown, for a pull request')
    .addHelpText('after', '\nExample:\n  npm run -s cost -- example --storage-gb 500 --markdown')
    .showHelpAfterError('(--help shows the options)')
    .action((name: string, options: Readonly<Record<string, string | boolean>>) => {
      const report = reportOf(name, optionsByName(options));
      if (options['json'] === true) write(JSON.stringify(documentOf(report), null, 2));
      else write(options['markdown'] === true ? asMarkdown(report) : asText(report));
    });
}

function reportOf(name: string, options: Readonly<Partial<Record<StatedAmount, string>>>): Report {
  const stated = statedAmounts(options);
  const environment = loadEnvironment(environmentFile(name));
  const prices = readPrices(environment.region);
  return {
    environment: environment.name,
    region: environment.region,
    stacks: stackNames(environment.name),
    stated,
    prices,
    estimate: estimate(synthesize(environment), prices, stated),
  };
}

/** Commander calls `--storage-gb` storageGb. */
function optionsByName(options: Readonly<Record<string, string | boolean>>) {
  const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const names = Object.keys(STATED_AMOUNTS) as StatedAmount[];
  return Object.fromEntries(names.map((name) => [name, options[camel(name)]])) as Partial<Record<StatedAmount, string>>;
}
