import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { covers } from '../../contract/cidr-cover';
import { stackNames } from '../../contract/naming';
import { cloneCidrs, vpcCidrs } from '../../environments/network';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import type { Route } from '../../lab/aws/world';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import { namedBy } from '../../stacks/constructs/network/named-by';
import { stagesInOrder } from '../e2e/support/in-order';
import { compareRows } from '../e2e/support/row-comparison';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';
import { terraformAs } from '../lab/aws/support';
import { eventually } from '../support/eventually';

/**
 * The way of a stream that runs is changed as docs/networks.md has it ("Changing the way"). Servers of a lab reach each
 * other whatever its routes say: so after each step the tables and groups are looked at, as well as the stream.
 */

const stage = stagesInOrder();
const SIDES = ['source', 'target'] as const;
type Side = (typeof SIDES)[number];
const FILE = join(__dirname, '../stacks/modes/transit-gateway.yaml');
const GATEWAY = loadEnvironment(FILE);
const over = (network: Partial<Environment['network']>): Environment => ({
  ...GATEWAY,
  network: { mode: 'peering', ...network },
});
const PEERING = over({});
const EXISTING = over({ mode: 'existing' });
let lab: Lab;
let deploys: StackDeploys;
let writers: Writers;
let peering: string;

const way = (environment: Environment) => new WholeWay(lab, deploys, environment);
const account = (side: Side) => lab.state.world.accounts[GATEWAY[side].accountId]!;
const far = (side: Side) => GATEWAY[side === 'source' ? 'target' : 'source'].network;
const terraform = (side: Side) => terraformAs(lab, GATEWAY[side].accountId);

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'way', home: join(tmpdir(), `aurora way ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  await seedWorkload(way(PEERING).source, { rows: 5000 });
});
afterAll(async () => {
  await Promise.allSettled([writers?.stop()]);
  await lab?.down();
});

/** Of the routes to a block the narrowest counts, whether it leads anywhere or not. */
function leads(routes: readonly Route[], cidr: string): boolean {
  const size = ({ cidr: block }: Route) => Number(block.split('/')[1]);
  const [narrowest] = routes.filter((one) => covers([one.cidr], cidr)).sort((one, other) => size(other) - size(one));
  if (narrowest === undefined) return false;
  const { peerings, transitGateways } = lab.state.world;
  return narrowest.peeringId === undefined
    ? transitGateways?.[narrowest.transitGatewayId!] !== undefined
    : peerings[narrowest.peeringId]?.status === 'active';
}

/** What of the way is shut, there and back. */
function shut(): string[] {
  const unled = SIDES.flatMap((side) =>
    GATEWAY[side].network.routeTableIds.flatMap((id) =>
      vpcCidrs(far(side)).flatMap((cidr) =>
        leads(account(side).routeTables[id]!.routes, cidr) ? [] : [`${id} ${cidr}`],
      ),
    ),
  );
  const groups = GATEWAY.source.network.securityGroupIds.map((id) => account('source').securityGroups[id]!);
  const refused = groups.flatMap(({ id, rules }) => {
    const open = Object.values(rules).map(({ settings }) => String(settings['cidr_ipv4']));
    return cloneCidrs(GATEWAY).flatMap((cidr) => (covers(open, cidr) ? [] : [`${id} ${cidr}`]));
  });
  return [...unled, ...refused];
}

async function goesOn(environment: Environment): Promise<void> {
  expect(shut()).toEqual([]);
  expect((await way(environment).plan()).findings).toEqual([]);
  const before = writers.counts();
  await way(environment).streams();
  await eventually(() => Promise.resolve(writers.counts().committed > before.committed));
}

/** Both stacks, the source first, each by the plan that was looked at. */
async function changeTo(environment: Environment, planned: Readonly<Record<Side, object>>): Promise<void> {
  for (const side of SIDES) {
    expect(countsOf(way(environment).planned(side))).toEqual(planned[side]);
    expect(deploys.terraform(environment, side, 'apply', 'plan')).toMatchObject({ status: 0 });
    await goesOn(environment);
  }
}

/** How many of each type are changed, and how. */
function countsOf(changes: readonly { readonly address: string; readonly actions: readonly string[] }[]) {
  const counts: Record<string, number> = {};
  for (const { address, actions } of changes) {
    if (['no-op', 'read'].includes(actions.join())) continue;
    const what = `${actions.join()} ${address.split('.')[0]}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

stage('a clone follows over a peering of the stacks', async () => {
  way(PEERING).deploy('source');
  await way(PEERING).follow();
  peering = Object.keys(lab.state.world.peerings)[0]!;
  writers = await startWriters(way(PEERING).source, { writers: 2, pauseMs: 20 });
  await goesOn(PEERING);
});

/** The file with an id that looks like any, and is of no VPC of that account. */
function astray(side: Side): Environment {
  const network = { ...PEERING[side].network, vpcId: 'vpc-0c9999999999999a9' };
  return { ...PEERING, [side]: { ...PEERING[side], network } };
}

function applied(environment: Environment): { status: number | null; output: string } {
  deploys.write(environment);
  return deploys.terraform(environment, 'source', 'apply', '-auto-approve', '-input=false');
}

stage('the id of another VPC is refused by the plan, and put back there is nothing to do', async () => {
  const before = JSON.stringify(lab.state.world);
  for (const [side, refusal] of [
    ['source', /shop-production is in vpc-0a1111111111111a1, .* source\.network\.vpcId is vpc-0c9999999999999a9/],
    ['target', /active, and not one of vpc-0a1111111111111a1 with vpc-0c9999999999999a9: to replace it would end it/],
  ] as const) {
    expect(applied(astray(side))).toEqual({ status: 1, output: expect.stringMatching(refusal) });
    expect(JSON.stringify(lab.state.world)).toBe(before);
    deploys.write(PEERING);
    for (const each of SIDES) expect(deploys.left(PEERING, each)).toBe('');
    await goesOn(PEERING);
  }
});

stage(
  'a request that AWS refuses ends no peering: what is lost is the invitation, which a deploy sends anew',
  async () => {
    // Without its name the plan does not know it.
    await terraform('source')('update', 'aws_vpc_peering_connection', { id: peering, tags: {} }, { id: peering });
    expect(applied(astray('target'))).toEqual({
      status: 1,
      output: expect.stringMatching(/VpcPeeringConnectionFailed/),
    });
    expect(Object.keys(lab.state.world.peerings)).toEqual([peering]);
    await goesOn(PEERING);
    deploys.write(PEERING);
    way(PEERING).deploy('source');
    way(PEERING).deploy('target');
    expect(Object.keys(lab.state.world.peerings)).toEqual([peering]);
    await goesOn(PEERING);
  },
);

stage('to a gateway: routes are changed in place, and the peering stays until both sides are', async () => {
  await changeTo(GATEWAY, {
    source: {
      'update aws_route': 4,
      'forget aws_vpc_peering_connection': 1,
      // It makes the invitation anew together with the peering.
      'forget terraform_data': 1,
    },
    target: { 'update aws_route': 2, 'forget aws_vpc_peering_connection_accepter': 1 },
  });
});

stage('to what is there: nothing is changed in either account', async () => {
  const before = JSON.stringify(SIDES.map((side) => [account(side).routeTables, account(side).securityGroups]));
  await changeTo(EXISTING, {
    source: { 'forget aws_route': 4, 'forget aws_vpc_security_group_ingress_rule': 2 },
    target: { 'forget aws_route': 2 },
  });
  expect(JSON.stringify(SIDES.map((side) => [account(side).routeTables, account(side).securityGroups]))).toBe(before);
});

stage('whoever has the network leads it elsewhere, table by table', async () => {
  for (const side of SIDES) {
    for (const { id, routes } of GATEWAY[side].network.routeTableIds.map((one) => account(side).routeTables[one]!)) {
      for (const { cidr } of routes) {
        const route = { route_table_id: id, destination_cidr_block: cidr };
        await terraform(side)('update', 'aws_route', { ...route, vpc_peering_connection_id: peering }, route);
      }
      expect(shut()).toEqual([]);
    }
  }
  await goesOn(EXISTING);
});

stage(
  'back to a way of the stacks: a deploy is refused and cuts nothing, and imported first it is taken over',
  async () => {
    const known = over({ peeringConnectionId: peering });
    for (const side of SIDES) {
      const made = way(known).planned(side);
      const created = made.filter(({ actions }) => actions.join() === 'create').map(({ address }) => address);
      expect(created).toHaveLength(side === 'source' ? 6 : 2);
      const refused = deploys.terraform(known, side, 'apply', 'plan');
      expect(refused).toEqual({ status: 1, output: expect.stringMatching(/RouteAlreadyExists/) });
      expect(refused.output.includes('InvalidPermission.Duplicate')).toBe(side === 'source');
      expect(shut()).toEqual([]);
      const blocks = created.map((address) => `import {\n  to = ${address}\n  id = "${idOf(side, address)}"\n}\n`);
      const imports = join(lab.directory, 'deploys/cdktf.out/stacks', stackNames(known.name)[side], 'imports.tf');
      writeFileSync(imports, blocks.join(''));
      way(known).deploy(side);
      rmSync(imports);
      await goesOn(known);
    }
  },
);

/** As AWS has it: of a route its table and block, of a rule its own. */
function idOf(side: Side, address: string): string {
  const named = (id: string, cidr: string) =>
    address.endsWith(namedBy(id, cidr, vpcCidrs(far(side))[0]).replaceAll('-', '_'));
  const { routeTables, securityGroups } = account(side);
  const routes = Object.values(routeTables).flatMap(({ id, routes: all }) =>
    all.flatMap(({ cidr }) => (named(id, cidr) ? [`${id}_${cidr}`] : [])),
  );
  const rules = Object.values(securityGroups).flatMap(({ id: group, rules: all }) =>
    Object.values(all).flatMap(({ id, settings }) => (named(group, String(settings['cidr_ipv4'])) ? [id] : [])),
  );
  const [found, ...more] = [...routes, ...rules];
  expect([address, more]).toEqual([address, []]);
  return found!;
}

stage('no row was lost meanwhile', async () => {
  expect((await writers.stop()).committed).toBeGreaterThan(0);
  for (const database of ['shop', 'ledger'])
    await eventually(async () => {
      const { rows, differences } = await compareRows(way(PEERING).source, way(PEERING).clone, database);
      return rows > 0 && differences.length === 0;
    });
});
