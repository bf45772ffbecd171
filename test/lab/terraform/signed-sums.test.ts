import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import * as openpgp from 'openpgp';
import { fetchTerraform } from '../../../lab/terraform/fetch';
import { PINNED } from '../../../lab/terraform/release';
import { releaseKey, signedSums } from '../../../lab/terraform/signed-sums';
import { NULL_PROVIDER_SUMS, NULL_PROVIDER_SIGNATURE } from './hashicorp-signature';
import { fakeTerraform, type ReleaseServer, serveReleases, sha256, zipOf } from './release-server';

const folder = mkdtempSync(join(tmpdir(), 'signed terraform '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ZIP_NAME = 'terraform_1.99.0_plan9_arm.zip';
const ZIP = zipOf(fakeTerraform('1.99.0'));
const SUMS = strToU8(`${sha256(strToU8('other'))}  terraform_1.99.0_plan9_386.zip\n${sha256(ZIP)}  ${ZIP_NAME}\n`);

interface Signer {
  readonly publicKey: string;
  sign(sums: Uint8Array): Promise<Uint8Array>;
}

async function newSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Release' }],
    format: 'object',
  });
  return {
    publicKey: publicKey.armor(),
    sign: async (sums) =>
      (await openpgp.sign({
        message: await openpgp.createMessage({ binary: sums }),
        signingKeys: privateKey,
        detached: true,
        format: 'binary',
      })) as Uint8Array,
  };
}

let [signer, stranger] = [] as unknown as [Signer, Signer];
let server: ReleaseServer | undefined;
beforeAll(async () => {
  [signer, stranger] = [await newSigner(), await newSigner()];
});
afterEach(() => server?.close());

/** Fetches for a platform whose sum is not pinned. */
async function fetched(files: { sums?: Uint8Array; signature: Uint8Array; zip?: Uint8Array }, platform = 'plan9_arm') {
  server = await serveReleases('1.99.0', {
    [ZIP_NAME]: files.zip ?? ZIP,
    'terraform_1.99.0_SHA256SUMS': files.sums ?? SUMS,
    'terraform_1.99.0_SHA256SUMS.sig': files.signature,
  });
  return fetchTerraform({
    release: { version: '1.99.0', binaries: { linux_amd64: 'not this one' } },
    platform,
    key: signer.publicKey,
    cache: mkdtempSync(join(folder, 'case ')),
    environment: { TERRAFORM_RELEASES_URL: server.url },
    announce: () => undefined,
  });
}

test('a zip whose sum is signed is unpacked', async () => {
  const file = await fetched({ signature: await signer.sign(SUMS) });
  expect(readFileSync(file, 'utf8')).toContain('1.99.0');
});

test('sums that somebody else signed, changed or did not sign count for nothing, and no zip is fetched', async () => {
  for (const files of [
    { signature: await stranger.sign(SUMS) },
    { signature: await signer.sign(SUMS), sums: strToU8(`${sha256(ZIP)}  ${ZIP_NAME}\n`) },
    { signature: strToU8('') },
    { signature: strToU8('<html>Please log in.</html>') },
  ]) {
    await expect(fetched(files)).rejects.toMatchObject({ code: 'TERRAFORM_SIGNATURE' });
    expect(server?.asked.filter((path) => path.endsWith('.zip'))).toEqual([]);
    await server?.close();
  }
});

test('another zip than the one whose sum is signed is an error', async () => {
  const zip = zipOf(fakeTerraform('6.6.6'));
  await expect(fetched({ signature: await signer.sign(SUMS), zip })).rejects.toMatchObject({
    code: 'TERRAFORM_CHECKSUM',
    seen: `${ZIP_NAME} has the SHA-256 ${sha256(zip)}; ${sha256(ZIP)} is expected`,
  });
});

test('a platform that the sums do not name is an error', async () => {
  await expect(fetched({ signature: await signer.sign(SUMS) }, 'plan9_mips')).rejects.toMatchObject({
    code: 'TERRAFORM_PLATFORM',
    seen: 'the signed sums of the release name no terraform_1.99.0_plan9_mips.zip',
  });
});

test("the key is HashiCorp's: it has the published fingerprint, and one of their releases is signed with it", async () => {
  const key = await openpgp.readKey({ armoredKey: releaseKey() });
  expect(key.getFingerprint()).toBe('c874011f0ab405110d02105534365d9472d7468f');
  const sums = await signedSums(strToU8(NULL_PROVIDER_SUMS), NULL_PROVIDER_SIGNATURE, releaseKey());
  expect(sums.get('terraform-provider-null_3.1.0_linux_amd64.zip')).toMatch(/^53e30545/);
  const changed = NULL_PROVIDER_SUMS.replace('53e30545', '53e30546');
  await expect(signedSums(strToU8(changed), NULL_PROVIDER_SIGNATURE, releaseKey())).rejects.toMatchObject({
    code: 'TERRAFORM_SIGNATURE',
  });
});

test('the key was in force when the pinned version was signed', async () => {
  expect(PINNED.version).toBe('1.11.4');
  const key = await openpgp.readKey({ armoredKey: releaseKey() });
  const signing = await key.getSigningKey(undefined, new Date('2025-04-09T12:00:00Z'));
  expect(signing.getFingerprint()).toBe('374ec75b485913604a831cc7c820c6d5cd27ab87');
});
