import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackNames } from '../../contract/naming';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { NEW_PEERING } from '../../stacks/constructs/network/peering-requester';
import { terraformAs } from '../lab/aws/support';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';

/** Options of a peering that is not there yet when the source is deployed first, and a peering that changes hands. */

const stage = stagesInOrder();
const FILE = join(__dirname, '../stacks/modes/remote-dns.yaml');
const ENVIRONMENT = loadEnvironment(FILE);
let lab: Lab;
let deploys: StackDeploys;
let way: WholeWay;
let peering: string;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'dns', home: join(tmpdir(), `aurora dns ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  way = new WholeWay(lab, deploys, ENVIRONMENT);
});
afterAll(() => lab?.down());

const seen = (id: string) =>
  terraformAs(lab, ENVIRONMENT.target.accountId)('data', 'aws_vpc_peering_connection', { id });
const changes = (environment?: Environment) =>
  way.planned('source', environment).filter(({ actions }) => actions[0] !== 'no-op');

stage('a first deploy has no options to set, and nothing left to do', () => {
  deploys.write(ENVIRONMENT);
  expect(deploys.terraform(ENVIRONMENT, 'source', 'validate').status).toBe(0);
  way.deploy('source');
  expect(deploys.held(ENVIRONMENT, 'source').filter((address) => /options/.test(address))).toEqual([]);
  peering = deploys.terraform(ENVIRONMENT, 'source', 'output', '-raw', 'peering_connection_id').output;
});

stage('a request that was forgotten while it was pending is imported, and asked for no second time', () => {
  deploys.terraform(ENVIRONMENT, 'source', 'state', 'rm', NEW_PEERING);
  const twice = deploys.terraform(ENVIRONMENT, 'source', 'apply', '-auto-approve', '-input=false');
  expect(twice).toEqual({ status: 1, output: expect.stringMatching(/VpcPeeringConnectionAlreadyExists/) });
  const imports = join(lab.directory, 'deploys/cdktf.out/stacks', stackNames(ENVIRONMENT.name).source, 'imports.tf');
  writeFileSync(imports, `import {\n  to = ${NEW_PEERING}\n  id = "${peering}"\n}\n`);
  way.deploy('source');
  rmSync(imports);
  expect(Object.keys(lab.state.world.peerings)).toEqual([peering]);
});

stage('once the peering is accepted the next one sets them, and then nothing is left', async () => {
  await terraformAs(lab, ENVIRONMENT.target.accountId)('create', 'aws_vpc_peering_connection_accepter', {
    vpc_peering_connection_id: peering,
    auto_accept: true,
  });
  const address = `aws_vpc_peering_connection_options.peering_options["${peering}"]`;
  expect(changes()).toMatchObject([{ address, actions: ['create'] }]);
  way.deploy('source');
  expect(await seen(peering)).toMatchObject({
    status: 'active',
    requester: { allow_remote_vpc_dns_resolution: true },
    accepter: { allow_remote_vpc_dns_resolution: false },
  });
});

stage('false turns it off, and true on again', async () => {
  for (const remoteDns of [false, true]) {
    const stated: Environment = { ...ENVIRONMENT, network: { mode: 'peering', remoteDns } };
    expect(changes(stated)).toMatchObject([{ actions: ['update'] }]);
    deploys.deploy(stated, 'source');
    expect(deploys.left(stated, 'source')).toBe('');
    expect(await seen(peering)).toMatchObject({ requester: { allow_remote_vpc_dns_resolution: remoteDns } });
  }
});

stage('the same peering as that of others: the state forgets it, it stays, and so do the routes', async () => {
  const network = { mode: 'peering' as const, peeringConnectionId: peering };
  const handedOver = { ...ENVIRONMENT, network };
  expect(changes(handedOver)).toMatchObject([
    { address: 'aws_vpc_peering_connection.peering', actions: ['forget'] },
    { address: expect.stringContaining('peering_options'), actions: ['forget'] },
    // What makes the invitation anew together with the peering: the invitation itself stays.
    { address: 'terraform_data.cluster_asked', actions: ['forget'] },
  ]);
  deploys.deploy(handedOver, 'source');
  expect(deploys.left(handedOver, 'source')).toBe('');
  expect(await seen(peering)).toMatchObject({ status: 'active', requester: { allow_remote_vpc_dns_resolution: true } });
});
