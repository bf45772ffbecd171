/**
 * Before 15 a sender that has decoded changes of a table before it was attached takes it for unpublished for as long as it
 * runs: nothing tells it that what is above the table is another one now. Whether it was attached, or filled before that
 * in the same transaction, nothing shows.
 */
export const SENDER_SEES_ATTACH = 150_000;
