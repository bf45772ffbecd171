import { carryOut, type ApplyOptions } from './apply';

export interface LargeObjectsOptions extends Omit<ApplyOptions, 'allowReboot' | 'syncTimeout' | 'largeObjects'> {
  readonly database?: string;
  readonly prune: boolean;
  readonly overwrite: boolean;
}

/** Has the clone have the large objects that production has. */
export function largeObjects(environment: string, options: LargeObjectsOptions): Promise<number> {
  const { database = null, prune, overwrite, ...others } = options;
  const wanted = { database, prune, overwrite };
  return carryOut(environment, 'large-objects', null, {
    ...others,
    allowReboot: false,
    syncTimeout: 0,
    largeObjects: wanted,
  });
}
