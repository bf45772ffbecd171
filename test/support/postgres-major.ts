/** The lab's own version, which the tests run on unless they are told otherwise. */
const DEFAULT = 17;

/** The major version that this run's servers have: `TEST_POSTGRES_MAJOR`, set by `npm run test:matrix`. */
export function postgresMajor(): number {
  const wanted = process.env['TEST_POSTGRES_MAJOR'];
  return wanted === undefined ? DEFAULT : Number(wanted);
}

/** True from this major version on. For what a version lacks: the test then says what it expects instead. */
export const from = (major: number): boolean => postgresMajor() >= major;
