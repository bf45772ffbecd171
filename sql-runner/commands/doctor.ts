import { exitCode } from '../../errors/exit-codes';
import { diagnose, isHealthy } from '../actions/doctor';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { diagnosisText } from '../render/doctor-text';
import { outputFor, type CommonOptions } from './settings';

/** Runs every check and says what to do about each that fails. Reads only. */
export async function doctor(environment: string, options: CommonOptions): Promise<number> {
  const output = outputFor(options);
  const diagnosis = await diagnose(openConnections, await readContracts({ environment, ...options }));
  output.out(options.json ? JSON.stringify(diagnosis, null, 2) : diagnosisText(diagnosis, output.style));
  return exitCode(isHealthy(diagnosis) ? 'done' : 'blocked');
}
