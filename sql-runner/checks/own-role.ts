import { isRoleTaken } from '../resources/replication-role';
import type { SourceCheck } from './check';

/**
 * Of a role that is not ours nothing is advised but another name (ROLE_NAME_TAKEN), and nothing is said to be well: where
 * replication.role names the master user, its rights would be taken from it, and it would be granted to itself.
 */
export const ofOwnRole = (check: SourceCheck): SourceCheck => ({
  ...check,
  run: (source, scope) => (isRoleTaken(scope.contract, source) ? null : check.run(source, scope)),
});
