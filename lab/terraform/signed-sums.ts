import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notSigned } from './fetch-errors';

/**
 * HashiCorp's key for releases, C874 011F 0AB4 0511 0D02 1055 3436 5D94 72D7 468F
 * (https://www.hashicorp.com/trust/security), in the form that was in force until
 * April 2026. What counts is whether it was when the release was signed.
 */
export function releaseKey(): string {
  return readFileSync(join(__dirname, 'hashicorp.asc'), 'utf8');
}

/**
 * The SHA-256 of each file of a release, from its sums file.
 * @param signature the detached one, in binary
 * @param armoredKey whoever must have signed it
 * @throws OperatorError TERRAFORM_SIGNATURE
 */
export async function signedSums(
  sums: Uint8Array,
  signature: Uint8Array,
  armoredKey: string,
): Promise<ReadonlyMap<string, string>> {
  // Needed on few machines, and takes a while to load.
  const openpgp = await import('openpgp');
  try {
    await openpgp.verify({
      message: await openpgp.createMessage({ binary: sums }),
      signature: await openpgp.readSignature({ binarySignature: signature }),
      verificationKeys: await openpgp.readKey({ armoredKey }),
      expectSigned: true,
      format: 'binary',
    });
  } catch (cause) {
    throw notSigned(cause as Error);
  }
  const lines = Buffer.from(sums).toString('utf8').trim().split('\n');
  return new Map(lines.map((line) => line.split(/\s+/)).map(([sum = '', name = '']) => [name, sum]));
}
