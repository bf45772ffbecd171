import { randomBytes, randomUUID } from 'node:crypto';

/** `vpc-0123456789abcdef0`: the long form of EC2's ids. */
export function ec2Id(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

/** `cluster-ABCDEFGH…`: how RDS names clusters and instances for good. */
export function rdsResourceId(prefix: 'cluster' | 'db'): string {
  return `${prefix}-${randomUUID().replaceAll('-', '').slice(0, 26).toUpperCase()}`;
}

/** Secrets Manager ends every ARN with six random characters. */
export function secretSuffix(): string {
  return randomBytes(12)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .padEnd(6, 'x')
    .slice(0, 6);
}

export function arn(service: string, region: string, account: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/**
 * A password as Secrets Manager makes them, and worse: it holds what breaks
 * careless quoting in conninfo strings, SQL, URLs, shells and format strings.
 */
export function awkwardPassword(): string {
  return `${randomBytes(9).toString('base64url')} '"@!\\%7:$${randomBytes(9).toString('base64url')}`;
}

/** A password of letters and digits for roles that no client of the product sees. */
export function plainPassword(): string {
  return randomBytes(24).toString('hex');
}
