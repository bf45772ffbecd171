/** Of DDL that follows in the order of the stream. */
export const DDL_CODES = {
  DDL_FAILED: 'Statements of DDL failed on the clone, and the stream went on.',
  DDL_NAME_TAKEN: 'A schema that DDL is to be written down in belongs to somebody else.',
  DDL_NOT_DECIDED: 'A statement of the log of DDL has no decision to be made about it.',
  DDL_NOT_FOLLOWED: 'The environment does not write down DDL of the source.',
  DDL_NOT_KNOWN: 'The log of DDL has no statement of that number.',
  DDL_NOT_NOTED: 'Statements of DDL ran on the source and could not be written down.',
  DDL_STOPPED: 'A stream stands before a statement of DDL that is not carried out by itself.',
} as const;
