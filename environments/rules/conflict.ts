import type { Code } from '../../errors/codes';
import type { DocumentPath } from '../../errors/problem';

/** What two environments cannot both have. */
export interface Conflict {
  readonly code: Code;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  /** Where it stands in the later of the two, and where in the former. */
  readonly path: DocumentPath;
  readonly otherPath: DocumentPath;
}
