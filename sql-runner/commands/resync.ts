import { carryOut, type ApplyOptions } from './apply';

export interface ResyncOptions extends Omit<ApplyOptions, 'allowReboot' | 'syncTimeout' | 'sequences' | 'tables'> {
  readonly database?: string;
}

/** A fresh copy of these tables, handed over to their streams. */
export function resync(
  environment: string,
  names: readonly string[],
  { database = undefined, ...options }: ResyncOptions,
): Promise<number> {
  const tables = { names, database: database ?? null };
  return carryOut(environment, 'resync', null, { ...options, allowReboot: false, syncTimeout: 0, tables });
}
