import { carryOut, type ApplyOptions } from './apply';

export interface RefreshOptions extends Omit<ApplyOptions, 'allowReboot' | 'syncTimeout' | 'sequences' | 'views'> {
  readonly database?: string;
  /** Seconds; 0: none. */
  readonly statementTimeout: number;
}

/** The materialized views of the clone, or those of these names, as the clone's tables are now. */
export function refresh(environment: string, names: readonly string[], options: RefreshOptions): Promise<number> {
  const { database = null, statementTimeout: statementSeconds, ...others } = options;
  const views = { names, database, statementSeconds };
  return carryOut(environment, 'refresh', null, { ...others, allowReboot: false, syncTimeout: 0, views });
}
