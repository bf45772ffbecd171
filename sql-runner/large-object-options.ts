import { Option } from 'commander';

/** What both plan --large-objects and large-objects take. */

export const pruneOption = (): Option =>
  new Option('--prune', 'remove large objects of the clone that production does not have').default(false);

export const overwriteOption = (): Option =>
  new Option('--overwrite', 'copy those as well that others have made or written on the clone, which is lost').default(
    false,
  );
