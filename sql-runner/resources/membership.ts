/**
 * A membership can be there without the rights of the role, from 16 on for each of its own. Granting it again changes
 * only the options that are named (manual, GRANT).
 */
export const withRights = (versionNum: number): string => (versionNum >= 160_000 ? ' WITH INHERIT TRUE' : '');
