import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { PROJECT } from '../../lab/demo/toolchain';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { terraformAs } from '../lab/aws/support';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** A secret that is deleted, and can be restored for a while, is no obstacle to the next deploy. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const environment = loadEnvironment(FILE);
/** As the README says it. */
const [, printed] = /write `secretRecoveryDays: (\d+)` below `replication`/.exec(
  readFileSync(join(PROJECT, 'README.md'), 'utf8').replaceAll('\n', ' '),
)!;
const windowed = { ...environment, replication: { ...environment.replication, secretRecoveryDays: Number(printed) } };
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'secret', home: join(tmpdir(), `aurora secret ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const ofRole = () =>
  Object.values(lab.state.world.accounts[environment.source.accountId]!.secrets).filter(({ name }) =>
    name.startsWith('acas/demo/replication'),
  );
const arn = () => deploys.contracts(environment).source.replication.secretArn;

stage(
  'a name that somebody else keeps taken is refused; with a window the deploy goes on, as the README says',
  async () => {
    const terraform = terraformAs(lab, environment.source.accountId);
    const taken = { name: 'acas/demo/replication', recovery_window_in_days: 7 };
    const { id } = await terraform('create', 'aws_secretsmanager_secret', taken);
    await terraform('delete', 'aws_secretsmanager_secret', null, { ...taken, id });
    expect(() => deploys.deploy(environment, 'source')).toThrow('already scheduled for deletion');
    deploys.deploy(windowed, 'source');
    expect(deploys.left(windowed, 'source')).toBe('');
  },
);

stage('a destroy keeps the secret restorable, and the next deploy makes another one', () => {
  const before = arn();
  const { status } = deploys.terraform(windowed, 'source', 'destroy', '-auto-approve', '-input=false');
  expect(status).toBe(0);
  expect(ofRole().find((secret) => secret.arn === before)).toMatchObject({ deletedAt: expect.any(String) });
  deploys.deploy(windowed, 'source');
  expect(arn()).not.toBe(before);
  expect(ofRole().find((secret) => secret.arn === arn())).toMatchObject({ deletedAt: null });
});
