import { exitCode } from '../../errors/exit-codes';
import { diagnose, isHealthy } from '../actions/doctor';
import { openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { diagnosisText } from '../render/doctor-text';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export interface DoctorOptions extends CommonOptions {
  /** What passed is only counted, as on a terminal. */
  readonly onlyProblems: boolean;
  /** What passed is told, also on a terminal. */
  readonly all: boolean;
}

/** Runs every check and says what to do about each that fails. Reads only. */
export async function doctor(environment: string, options: DoctorOptions): Promise<number> {
  const output = outputFor(options);
  const diagnosis = await diagnose(openToLook, await readContracts({ environment, ...options }));
  output.out(
    options.json
      ? jsonDocument(diagnosis)
      : diagnosisText(diagnosis, output.style, !options.all && (options.onlyProblems || process.stdout.isTTY)),
  );
  return exitCode(isHealthy(diagnosis) ? 'done' : 'blocked');
}
