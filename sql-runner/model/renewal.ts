/** Tables that are to be copied anew, as somebody has named them. */
export interface TablesWanted {
  /** As messages show them, or `schema.name`. */
  readonly names: readonly string[];
  /** Of this database alone; null: of whichever has it. */
  readonly database: string | null;
}
