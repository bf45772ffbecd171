import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';
import { terraformAs } from '../lab/aws/support';

/** Another mode of sharing, and a share that is gone: no clone is destroyed that no other one can follow. */

const SIDES = ['source', 'target'] as const;
const DEMO = environmentFile('demo');
const LOST = /data\.aws_ram_resource_share\.share_for_the_next_clone.*no matching RAM Resource Share found/;

/** The accounts of its file: of one organization, or not. */
class Shared {
  readonly stage = stagesInOrder();
  readonly file = loadEnvironment(DEMO);
  readonly asIs: Environment;
  readonly other: Environment;
  lab!: Lab;
  deploys!: StackDeploys;

  constructor(private readonly mode: Environment['sharing']['mode']) {
    this.asIs = { ...this.file, sharing: { mode } };
    this.other = { ...this.file, sharing: { mode: mode === 'invitation' ? 'organization' : 'invitation' } };
    beforeAll(() => this.start());
    afterAll(() => this.end());
  }

  private get home(): string {
    return join(tmpdir(), `aurora ${this.mode} ${process.pid}`);
  }

  private async end(): Promise<void> {
    await this.lab?.down();
    rmSync(this.home, { recursive: true, force: true });
  }

  private async start(): Promise<void> {
    const { binary } = await ensureTerraform();
    mkdirSync(this.home, { recursive: true, mode: 0o711 });
    const file = join(this.home, 'demo.yaml');
    writeFileSync(file, readFileSync(DEMO, 'utf8').replace('mode: invitation', `mode: ${this.mode}`));
    this.lab = await startLab({ environmentFile: file, name: 'share', home: this.home });
    useLab(this.lab);
    await makeDemoTables(this.lab);
    this.deploys = new StackDeploys(this.lab, binary);
  }

  way = (environment = this.asIs) => new WholeWay(this.lab, this.deploys, environment);
  terraform = (side: 'source' | 'target', ...args: string[]) =>
    this.deploys.terraform(this.asIs, side, ...args, '-input=false');

  /** What no refused plan may change: the clone by its id and parts, and who has the share. */
  private there() {
    const { accounts, shares } = this.lab.state.world;
    const clones = Object.values(accounts[this.asIs.target.accountId]!.clusters).map(({ resourceId }) => resourceId);
    expect(clones).toHaveLength(1);
    const principals = Object.values(shares).map((share) => [
      share.arn,
      share.allowExternalPrincipals,
      share.principals,
    ]);
    return JSON.stringify({ clones, principals, held: SIDES.map((side) => this.deploys.held(this.asIs, side)) });
  }

  refused(side: 'source' | 'target', why: RegExp): void {
    const before = this.there();
    const { status, output } = this.terraform(side, 'apply', '-auto-approve');
    expect({ status, output }).toEqual({ status: 1, output: expect.stringMatching(why) });
    expect(this.there()).toBe(before);
  }

  /** On both sides; the printed way to keep the environment leaves nothing to do. */
  refusesTheOther(): void {
    this.deploys.write(this.other);
    const was = `sharing.mode was ${this.asIs.sharing.mode} when this stack was deployed, and is ${this.other.sharing.mode} now`;
    for (const side of SIDES)
      this.refused(side, new RegExp(`${was}.*To keep the environment, take the change back\\.`));
    this.deploys.write(this.asIs);
  }

  async goesOn(): Promise<void> {
    for (const side of SIDES) expect(this.deploys.left(this.asIs, side)).toBe('');
    expect(await this.way().sqlRunner('apply')).toBe('nothing-to-do');
    await this.way().streams();
  }

  async renewed(): Promise<void> {
    const before = this.there();
    this.deploys.deploy(this.asIs, 'target');
    expect(this.there()).not.toBe(before);
    await this.way().sqlRunner('apply');
    await this.goesOn();
  }

  async loseTheShare(): Promise<void> {
    const [share] = Object.keys(this.lab.state.world.shares);
    await terraformAs(this.lab, this.asIs.source.accountId)('delete', 'aws_ram_resource_share', null, { id: share });
  }
}

describe.each(['invitation', 'organization'] as const)('sharing.mode: %s', (mode) => {
  const shared = new Shared(mode);
  const { stage } = shared;

  stage('before there is a clone, the other one is a command away, and back', () => {
    const both = () => SIDES.forEach((side) => shared.deploys.deploy(shared.asIs, side));
    both();
    shared.deploys.write(shared.other);
    expect(changedAsPrinted(shared)).toMatchObject({ status: 0 });
    if (mode === 'invitation') {
      // Terraform forgets that it was accepted: nobody leaves anything.
      shared.deploys.deploy(shared.other, 'target');
      expect(acceptedBy(shared)).toBe('accepted');
      expect(shared.deploys.left(shared.other, 'target')).toBe('');
    }
    shared.deploys.write(shared.asIs);
    expect(changedAsPrinted(shared)).toMatchObject({ status: 0 });
    if (mode === 'invitation') {
      // The invitation was used: README, "Accept what production offers", has what sends another one.
      expect(shared.terraform('target', 'apply', '-auto-approve').output).toContain('No pending RAM Resource Share');
      shared.terraform('source', 'apply', '-auto-approve', '-replace=aws_ram_principal_association.cluster_principal');
    }
    both();
    for (const side of SIDES) expect(shared.deploys.left(shared.asIs, side)).toBe('');
  });

  stage('a clone that follows: the other mode is refused on both sides, and all goes on', async () => {
    await shared.way().sqlRunner('apply');
    shared.deploys.deploy(shared.asIs, 'target');
    await shared.way().sqlRunner('apply');
    shared.refusesTheOther();
    await shared.goesOn();
  });

  stage('so it is where another clone is wanted; taken back, that one is made', async () => {
    await shared.way().sqlRunner('reset');
    shared.refusesTheOther();
    await shared.renewed();
  });

  stage('a share that is gone: the stream goes on, and the clone gives way to none that cannot be taken', async () => {
    await shared.loseTheShare();
    await shared.way().streams();
    await shared.way().sqlRunner('reset');
    shared.refused('target', LOST);
    shared.deploys.deploy(shared.asIs, 'source');
    if (mode === 'invitation') {
      shared.refused('target', LOST);
      const accept = ['apply', '-auto-approve', '-target=aws_ram_resource_share_accepter.cluster_share'];
      expect(shared.terraform('target', ...accept)).toMatchObject({ status: 0 });
    }
    await shared.renewed();
  });

  stage('where it is gone for good, the environment can be ended', async () => {
    await shared.loseTheShare();
    await shared.way().sqlRunner('teardown');
    for (const side of ['target', 'source'] as const) {
      expect(shared.terraform(side, 'destroy', '-auto-approve')).toMatchObject({ status: 0 });
      expect(shared.deploys.held(shared.asIs, side)).toEqual([]);
    }
  });
});

const acceptedBy = ({ lab, asIs }: Shared) =>
  Object.values(lab.state.world.shares)[0]?.principals[asIs.target.accountId]?.status;

/** Refused first, and then by the command that the refusal ends with. */
function changedAsPrinted(shared: Shared) {
  const { status, output } = shared.terraform('source', 'apply', '-auto-approve');
  expect(status).toBe(1);
  const printed =
    /Only where no clone was taken yet, this changes the mode: terraform -chdir=(\S+) (apply) (-replace=\S+)/;
  const [, folder, command, replaced] = printed.exec(output)!;
  expect(folder).toBe('cdktf.out/stacks/demo-source');
  return shared.terraform('source', command!, replaced!, '-auto-approve');
}
