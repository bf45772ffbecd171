import { parseArgs } from 'node:util';
import { OperatorError } from '../../errors/operator-error';
import { labDirectory } from '../directory';

export interface DemoOptions {
  /** Leave everything running after the verification. */
  keep: boolean;
  /** Least number of rows in the production databases. */
  rows: number;
  /** Name of the lab, so that several demos can run side by side. */
  name: string;
  help: boolean;
}

export const DEMO_HELP = `Usage: npm run demo -- [options]

Copies a production cluster into a second account and keeps it in sync, on this machine,
with real Terraform and real PostgreSQL; in the end it breaks the copy and heals it.
Takes about a minute and leaves nothing behind.

Options:
  --keep        stop after the verification, leave it running and say how to explore it
  --rows N      rows of production data, at least 5000 (default 1000000)
  --name NAME   name of the lab (default demo)
  --help        show this text`;

/** Reads the arguments of the demo. Throws an OperatorError for any that it does not know. */
export function readDemoOptions(args: string[]): DemoOptions {
  const values = parse(args);
  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < 5000) {
    throw wrongOption(`--rows is "${values.rows}".`, 'Give a whole number of at least 5000, as in --rows 20000.');
  }
  // Throws for a name that cannot be one, before anything is started.
  labDirectory(values.name);
  return { keep: values.keep, rows, name: values.name, help: values.help };
}

function parse(args: string[]): { keep: boolean; rows: string; name: string; help: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        keep: { type: 'boolean', default: false },
        rows: { type: 'string', default: '1000000' },
        name: { type: 'string', default: 'demo' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    throw wrongOption((error as Error).message.split('. ')[0] + '.', 'See npm run demo -- --help.');
  }
}

function wrongOption(seen: string, next: string): OperatorError {
  return new OperatorError({
    code: 'DEMO_OPTION',
    seen,
    why: 'The demo would do something else than you meant.',
    next,
  });
}
