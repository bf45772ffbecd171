import { join } from 'node:path';
import { scratchBase } from '../support/memory';

/** What the servers of one lab may come to need: mostly the log that the source keeps. */
const LAB_BYTES = 3 * 2 ** 30;

/** A directory of its own for the labs of this process, with a space in its name. */
export function faultHome(labs: number): string {
  return join(scratchBase(labs * LAB_BYTES), `aurora faults ${process.pid}`);
}
