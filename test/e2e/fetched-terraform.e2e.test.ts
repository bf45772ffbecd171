import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { connectBy } from '../../lab/connections';
import { type Lab, startLab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { platform } from '../../lab/terraform/release';
import { seedWorkload } from '../../lab/workload/seed';
import { type ReleaseServer, serveReleases, sha256, zipOf } from '../lab/terraform/release-server';
import { pathWithout } from '../support/path-without';
import { CheckedToolchain } from './support/checked-toolchain';

/** The real terraform, from a server with the layout of the releases, on a machine that has none on PATH. */
let folder: string;
let server: ReleaseServer;
let lab: Lab | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'without terraform '));
});
afterAll(async () => {
  await lab?.down();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function onPath(program: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const entry of folders) {
    try {
      readFileSync(join(entry, program));
      return join(entry, program);
    } catch {
      // Not in this one.
    }
  }
  throw new Error(`${program} is not on PATH`);
}

test('lab, cdktf and sql-runner run the one that was fetched', async () => {
  const { binary, version } = await ensureTerraform();
  const real = readFileSync(binary === 'terraform' ? onPath(binary) : binary);
  const zip = `terraform_${version}_${platform()}.zip`;
  server = await serveReleases(version, { [zip]: zipOf(real, 0) });
  process.env.PATH = pathWithout('terraform', folder);
  delete process.env.TERRAFORM_BINARY_NAME;
  process.env.TERRAFORM_RELEASES_URL = server.url;

  const said: string[] = [];
  const ensure = () =>
    ensureTerraform({
      release: { version, binaries: { [platform()]: sha256(real) } },
      cache: join(folder, 'cache'),
      say: (line) => said.push(line),
    });
  const fetched = await ensure();
  expect(fetched).toEqual({ binary: join(folder, 'cache', version, platform(), 'terraform'), version });
  expect(said).toEqual([`No terraform on PATH; fetching ${version} from ${new URL(server.url).host}`]);

  // A single byte is lost meanwhile.
  const kept = openSync(fetched.binary, 'r+');
  writeSync(kept, Buffer.from([~real.at(-1)! & 0xff]), 0, 1, real.length - 1);
  closeSync(kept);
  delete process.env.TERRAFORM_BINARY_NAME;
  expect(await ensure()).toEqual(fetched);
  expect(said.splice(0)[1]).toMatch(
    /^No terraform on PATH, and the one that was kept is not what was fetched; fetching/,
  );
  expect(sha256(readFileSync(fetched.binary))).toBe(sha256(real));
  delete process.env.TERRAFORM_BINARY_NAME;
  expect([await ensure(), said]).toEqual([fetched, []]);

  const file = environmentFile('demo');
  lab = await startLab({ environmentFile: file, name: 'fetched', home: join(tmpdir(), `aurora f ${process.pid}`) });
  expect(lab.env.TERRAFORM_BINARY_NAME).toBe(fetched.binary);
  const tools = new CheckedToolchain(join(lab.directory, 'demo'), file, lab.env);
  expect(await tools.cdktf('deploy', 'demo-source')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Apply complete!') as string,
  });
  // sql-runner knows the databases from nowhere but the outputs that it reads with terraform.
  await seedWorkload(
    connectBy((database) => lab!.sourceConnection(database)),
    { rows: 5000 },
  );
  const plan = await tools.sqlRunner('plan', 'demo');
  expect(plan).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('clone-ticket') as string });
  expect(server.asked).toEqual(Array(2).fill(`/terraform/${version}/${zip}`));
});
