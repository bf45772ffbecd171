import type { CommanderError } from 'commander';
import { OperatorError } from '../errors/operator-error';

/**
 * What the parser of the command line refuses, as an error like any other, so that scripts read it the same way.
 * @param verb the command that was named, where it is one that has options of its own
 */
export function usageError(cause: CommanderError, verb: string | undefined): OperatorError {
  return new OperatorError({
    code: 'USAGE_INVALID',
    seen: cause.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '),
    why: 'the command line cannot be understood; nothing was read and nothing was changed',
    next: `sql-runner ${verb === undefined ? '' : `${verb} `}--help shows what it takes`,
    cause,
  });
}
