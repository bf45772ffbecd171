import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bitString, boolean, context, integer, octetString, oid, sequence, set, utcTime, utf8String } from './der';

/** PEM files of one lab. */
export interface LabCertificates {
  /** What clients verify the servers with. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const DAY = 24 * 60 * 60 * 1000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const newKeys = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/**
 * Makes a certificate authority that only this lab knows, and one certificate
 * for `localhost` and `127.0.0.1` that all its servers share. The authority's
 * key is thrown away, so nothing else can ever be signed with it.
 */
export async function createCertificates(directory: string): Promise<LabCertificates> {
  const [authority, server] = [newKeys(), newKeys()];
  const authorityName = commonName('Aurora lab CA');
  const ca = certificate(authority, authorityName, authorityName, authority.publicKey, [
    extension('2.5.29.19', true, sequence(boolean(true))),
    extension('2.5.29.15', true, bitString(Buffer.from([0x06]), 1)), // keyCertSign, cRLSign
    extension('2.5.29.14', false, octetString(keyIdentifier(authority.publicKey))),
  ]);
  const cert = certificate(authority, authorityName, commonName('localhost'), server.publicKey, [
    extension('2.5.29.19', true, sequence()),
    extension(
      '2.5.29.17',
      false,
      sequence(context(2, Buffer.from('localhost'), false), context(7, Buffer.from([127, 0, 0, 1]), false)),
    ),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))), // serverAuth
    extension('2.5.29.35', false, sequence(context(0, keyIdentifier(authority.publicKey), false))),
  ]);
  return writePems(directory, ca, cert, server.privateKey);
}

/** RFC 5280, 4.1: the body, then the issuer's signature over it. */
function certificate(
  issuer: KeyPair,
  issuerName: Buffer,
  subject: Buffer,
  publicKey: KeyObject,
  extensions: Buffer[],
): string {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40; // positive, and no leading zero byte
  const body = sequence(
    context(0, integer(Buffer.from([2])), true), // version 3
    integer(serial),
    ECDSA_WITH_SHA256,
    issuerName,
    sequence(utcTime(new Date(Date.now() - DAY)), utcTime(new Date(Date.now() + 365 * DAY))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions), true),
  );
  const signed = sequence(body, ECDSA_WITH_SHA256, bitString(sign('sha256', body, issuer.privateKey)));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const commonName = (name: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8String(name))));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));

/** Ties the server's certificate to its issuer; any hash of the key will do (RFC 5280, 4.2.1.2). */
const keyIdentifier = (key: KeyObject): Buffer =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);

async function writePems(directory: string, ca: string, cert: string, key: KeyObject): Promise<LabCertificates> {
  await mkdir(directory, { recursive: true });
  const files = {
    caFile: join(directory, 'rds-ca.pem'),
    certFile: join(directory, 'server.crt'),
    keyFile: join(directory, 'server.key'),
  };
  await writeFile(files.caFile, ca);
  await writeFile(files.certFile, cert);
  await writeFile(files.keyFile, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return files;
}
