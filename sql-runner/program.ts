import { Command } from 'commander';
import { version } from '../package.json';
import { aboutItself } from './about-itself';
import {
  applyCommand,
  holdCommand,
  resetCommand,
  resumeCommand,
  rolloutCommand,
  rotateCommand,
  sequencesCommand,
  refreshCommand,
  largeObjectsCommand,
  skipCommand,
  resyncCommand,
  repairCommand,
  teardownCommand,
} from './verbs-that-change';
import {
  doctorCommand,
  historyCommand,
  planCommand,
  schemaCommand,
  serveCommand,
  statusCommand,
  verifyCommand,
  watchCommand,
} from './verbs-that-look';
import { ddlCommand } from './verb-of-ddl';
import type { Report } from './verb';

/** The command line: every verb with its flags and an example. */
export function program(report: Report): Command {
  const root = new Command('sql-runner')
    .description('Keeps a live copy of an Aurora PostgreSQL cluster in another account: the SQL side of it.')
    .version(version, '-V, --version', 'show the version')
    .showSuggestionAfterError()
    .helpCommand(false)
    // Whoever parses says what was wrong, and ends: what is refused is an error like any other.
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  doctorCommand(root, report);
  planCommand(root, report);
  applyCommand(root, report);
  statusCommand(root, report);
  watchCommand(root, report);
  serveCommand(root, report);
  verifyCommand(root, report);
  holdCommand(root, report);
  resumeCommand(root, report);
  rotateCommand(root, report);
  sequencesCommand(root, report);
  refreshCommand(root, report);
  largeObjectsCommand(root, report);
  skipCommand(root, report);
  resyncCommand(root, report);
  repairCommand(root, report);
  resetCommand(root, report);
  teardownCommand(root, report);
  rolloutCommand(root, report);
  schemaCommand(root, report);
  historyCommand(root, report);
  ddlCommand(root, report);
  aboutItself(root);
  return root;
}
