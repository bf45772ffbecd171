import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { download } from './download';
import { noServer, notReleased, noZip, wrongSum } from './fetch-errors';
import { isKept, keep, sweepUnfinished } from './kept';
import { platform as thisPlatform, type Release } from './release';
import { releaseKey, signedSums } from './signed-sums';

export interface FetchOptions {
  readonly release: Release;
  readonly environment: NodeJS.ProcessEnv;
  /** Called before anything is sent, with the host that will be asked, and whether what was kept is not to be trusted. */
  readonly announce: (host: string, damaged: boolean) => void;
  /** Default: a folder of the checkout that `npm ci` removes. */
  readonly cache?: string;
  readonly platform?: string;
  /** Armored; default: HashiCorp's. */
  readonly key?: string;
}

/**
 * The path of the binary of a release; fetched and checked unless it is there, unchanged.
 * Appears whole or not at all, whoever else fetches it at the same time.
 *
 * @throws OperatorError TERRAFORM_FETCH_FAILED, TERRAFORM_CHECKSUM, TERRAFORM_SIGNATURE and others of fetch-errors
 */
export async function fetchTerraform(options: FetchOptions): Promise<string> {
  const { release, environment, announce, platform = thisPlatform() } = options;
  const { cache = join(__dirname, '..', '..', 'node_modules', '.cache', 'terraform') } = options;
  const file = join(cache, release.version, platform, 'terraform');
  const pinned = release.binaries[platform];
  sweepUnfinished(file);
  if (await isKept(file, pinned)) return file;
  const base = releasesUrl(environment);
  announce(base.host, existsSync(file));
  const name = `terraform_${release.version}`;
  const zipName = `${name}_${platform}.zip`;
  const get = (part: string) => download(below(base, `terraform/${release.version}/${part}`), environment);
  if (pinned !== undefined) {
    const binary = binaryIn(await get(zipName), zipName);
    assertSum(binary, pinned, `terraform in ${zipName}`);
    keep(file, binary);
    return file;
  }
  const [sums, signature] = [await get(`${name}_SHA256SUMS`), await get(`${name}_SHA256SUMS.sig`)];
  const sum = (await signedSums(sums, signature, options.key ?? releaseKey())).get(zipName);
  if (sum === undefined) throw notReleased(zipName);
  const zip = await get(zipName);
  assertSum(zip, sum, zipName);
  keep(file, binaryIn(zip, zipName));
  return file;
}

function releasesUrl({ TERRAFORM_RELEASES_URL: mirror }: NodeJS.ProcessEnv): URL {
  const address = mirror || 'https://releases.hashicorp.com';
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  throw noServer(address.replace(/\/\/[^/]*@/, '//'));
}

function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

function binaryIn(zip: Uint8Array, name: string): Uint8Array {
  try {
    const { terraform } = unzipSync(zip, { filter: (entry) => entry.name === 'terraform' });
    if (terraform !== undefined) return terraform;
  } catch (error) {
    throw noZip(name, (error as Error).message);
  }
  throw noZip(name, 'there is no terraform in it');
}

function assertSum(bytes: Uint8Array, expected: string, name: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw wrongSum(name, actual, expected);
}
