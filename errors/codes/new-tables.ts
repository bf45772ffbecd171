/** Of tables that come, go, or come again while a clone follows. */
export const NEW_TABLE_CODES = {
  NEW_TABLE_ARRIVING: 'A table is being added to a stream, and its rows were not compared yet.',
  NEW_TABLE_DIFFERS: 'A table that was added to a stream is not a copy of the source.',
  NEW_TABLE_HAS_ROWS: 'A table of the clone that was to be copied into has rows.',
  NEW_TABLE_MOVED: 'A table that was to be added is not as it was planned with.',
  NEW_TABLE_NOT_ADDED: 'A table that came on the source since cannot be added to its stream.',
  NEW_TABLE_NOT_COMPARED: 'The rows of a table that was added to a stream could not be compared.',
  NEW_TABLE_NOT_COPIED: 'The copy of a table that was added to a stream does not get on.',
  NEW_TABLE_RIGHTS_DIFFER: 'A new table would give others rights on the clone that they lack on the source.',
  RENAME_NOT_FOLLOWED: 'A table or column that was renamed on the source could not be renamed on the clone.',
  TABLES_LEFT: 'Tables of the clone are not followed any more.',
  TABLE_NOT_RENEWED: 'A table cannot be copied anew.',
  TABLE_SELECTED_AGAIN: 'A table that left its stream is selected again, and the clone has its old rows.',
} as const;
