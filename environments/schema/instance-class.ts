import { textWith } from './refined';

/** Sizes are a closed list; only the one class that scales has none (Aurora user guide, "Hardware specifications"). */
const INSTANCE_CLASS = '^db\\.(serverless|[a-z0-9-]+\\.(medium|large|(2|4|8|12|16|24|32|48)?xlarge))$';

/**
 * Classes of RDS that Aurora PostgreSQL does not have (Aurora user guide, "Supported DB engines for DB instance
 * classes"): general purpose and compute, burstable ones of before and smaller than medium, and memory-optimised ones that
 * only other engines have. Families that are not named here are taken, as new ones come.
 */
const NOT_OF_AURORA = /^db\.([cm]\d\w*|t[12]|t3a|r3|x1e?|x2i\w*|z1d)\.|^db\.t(3|4g)\.(nano|micro|small|2?xlarge)$/;

/** @param of of what, as in `the clone` */
export function instanceClass(of: string) {
  const why = `RDS would refuse it after ${of} itself has been made.`;
  return textWith(
    [
      {
        code: 'BAD_INSTANCE_CLASS',
        accepts: (value) => !NOT_OF_AURORA.test(value),
        seen: (value) => `Aurora PostgreSQL has no instances of class ${value}.`,
        why,
        next: 'Choose a memory-optimised class, as in db.r6g.large, db.t4g.medium for trying out, or db.serverless.',
      },
      {
        code: 'BAD_INSTANCE_CLASS',
        accepts: (value) => new RegExp(INSTANCE_CLASS).test(value),
        seen: (value) => `"${value}" is not an instance class.`,
        why,
        next: 'Write it as in db.r6g.large, or db.serverless.',
      },
    ],
    {
      description: `Instance class of ${of}.`,
      pattern: INSTANCE_CLASS,
      examples: ['db.r6g.large', 'db.serverless'],
    },
  );
}
