/** Of roles and rights of the source that a clone follows. */
export const ROLE_CODES = {
  MEMBERSHIPS_STAY: 'A membership of the clone cannot be made as on the source.',
  OWNERS_DIFFER: 'Something belongs to another role on the clone, so its rights are not followed.',
  RIGHTS_NOT_ALLOWED: 'The master user of the clone may not give rights on something.',
  RIGHT_OF_WORKER_STAYS: 'A right is not taken that the apply worker needs.',
  ROLES_KEPT_OUT: 'The clone keeps roles out that the source lets in.',
  ROLES_NOT_ALLOWED: 'The master user of the clone may not make a role as on the source.',
  ROLES_NOT_CARRIED_OUT: 'Some roles or rights could not be made as on the source.',
  ROLES_ON_CLONE_ALONE: 'Roles may log in to the clone that the source does not have.',
  ROLE_GIVES_MORE: 'Roles of the clone have more than on the source, by a role that does not follow.',
  ROLE_NOT_KNOWN: 'It is not known whether a role of the clone is that of the source.',
  ROLE_PRIVILEGES_LEFT: 'A role has privileges on the source that are never given.',
  ROLE_RENAMED: 'A role may have been renamed on the source.',
} as const;
