/** Of what a workflow runs for a change of an environment file. */
export const PULL_REQUEST_CODES = {
  COMMENT_REFUSED: 'The comment with the plans cannot be written on the pull request.',
  LOCK_FILE_INCOMPLETE: 'The lock file of a stack lacks the hashes of a platform.',
  LOCK_FILE_NOT_WRITTEN: 'Terraform cannot write the lock file of a stack.',
  STACKS_MISSING: 'There is no committed stack of an environment.',
  STACKS_STALE: 'The committed JSON is not what the environment files say.',
  STACK_INVALID: 'The provider does not take the JSON of a stack.',
  STACK_PLAN_FAILED: 'Terraform cannot plan a stack.',
  STACK_PLAN_UNREADABLE: 'Terraform tells its plan in words that are not known here.',
  STACK_STILL_DEPLOYED: 'A change removes a stack whose state still has something.',
  STATE_NOT_MOVED: 'A change names another place for the state of a stack, which is where it was.',
} as const;
