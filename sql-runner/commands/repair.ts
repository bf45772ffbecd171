import { readVerification } from '../actions/verification-file';
import { carryOut, type ApplyOptions } from './apply';

export interface RepairOptions extends Omit<
  ApplyOptions,
  'allowReboot' | 'syncTimeout' | 'sequences' | 'tables' | 'rows'
> {
  /** What verify --json has printed. */
  readonly from: string;
}

/** Rows that differ become those of the source, and their tables are compared afterwards. */
export async function repair(environment: string, { from, ...options }: RepairOptions): Promise<number> {
  const rows = await readVerification(from, environment);
  return carryOut(environment, 'repair', null, { ...options, allowReboot: false, syncTimeout: 0, rows });
}
