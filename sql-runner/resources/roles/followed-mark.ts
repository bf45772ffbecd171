/**
 * What is added to the comment of a role that was made on the clone: it names the role of the source that it stands for, by
 * its number there. A name alone does not: somebody may have made another role of that name on either side.
 */
const MARK = /(?:^|\n)\(aurora-cross-account-sync role (\S+) (\d+): as on the source, made without a password\)$/;

export function markedComment(comment: string | null, environment: string, oid: number): string {
  const mark = `(aurora-cross-account-sync role ${environment} ${oid}: as on the source, made without a password)`;
  return comment === null ? mark : `${comment}\n${mark}`;
}

/** The comment as the source would have it, and of which role of the source it is; null: it has no mark of the environment. */
export function readComment(
  comment: string | null,
  environment: string,
): { readonly comment: string | null; readonly standsFor: number | null } {
  const found = comment === null ? null : MARK.exec(comment);
  if (found === null || found[1] !== environment) return { comment, standsFor: null };
  const left = comment!.slice(0, found.index);
  return { comment: found.index === 0 ? null : left, standsFor: Number(found[2]) };
}
