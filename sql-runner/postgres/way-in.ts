/**
 * The database to end a process from that has locked something in another one. Into one with a locked catalog nobody
 * new may get: a session that begins may have to open every catalog (InitCatalogCachePhase2, where there is no valid
 * pg_internal.init). Processes can be ended from any database, and every cluster is made with this one.
 * @param locked what is locked, with its schema
 */
export function wayIn(database: string, locked: readonly { readonly schema: string }[]): string {
  return locked.some(({ schema }) => schema === 'pg_catalog') ? 'postgres' : database;
}
