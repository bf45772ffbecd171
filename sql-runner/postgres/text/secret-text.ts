/** Regular expression of PostgreSQL: how a statement of ours with a secret begins, on either side. */
export const WITH_SECRET = String.raw`^(CREATE|ALTER) SUBSCRIPTION .*password=|^ALTER ROLE .* PASSWORD 'SCRAM-`;
