import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error';

/** The operator: may only assume a role, as a person's own credentials should. */
export const OPERATOR_ACCOUNT = '000000000000';

export interface Caller {
  readonly account: string;
  readonly region: string;
  /** Role name and session name of assumed credentials. */
  readonly session: string | null;
}

const CREDENTIAL = /Credential=LAB(\d{12})\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/;

export function accessKeyOf(account: string): string {
  return `LAB${account}`;
}

/**
 * Who calls: the account is part of the access key id that the lab hands out,
 * the Region is in the signature's credential scope. The signature itself is not
 * checked; the endpoint listens on loopback only.
 */
export function callerOf(headers: IncomingHttpHeaders): Caller {
  const match = CREDENTIAL.exec(headers.authorization ?? '');
  if (match === null) {
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  }
  const [, account = '', region = ''] = match;
  return { account, region, session: sessionOf(headers['x-amz-security-token']) };
}

/** The session token carries role and session name, so that the lab need not remember sessions. */
export function sessionToken(role: string, sessionName: string): string {
  return Buffer.from(`lab:${role}/${sessionName}`).toString('base64');
}

function sessionOf(token: string | string[] | undefined): string | null {
  const text = Buffer.from(String(token ?? ''), 'base64').toString();
  return text.startsWith('lab:') ? text.slice('lab:'.length) : null;
}
