export interface Room {
  /** Its folder, or file. */
  readonly room: string;
  readonly holds: string;
  /** The rooms that it may import. */
  readonly below: readonly string[];
  /** No database, no AWS, no files and no processes at run time. */
  readonly pure?: true;
}
