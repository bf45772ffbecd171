import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { installProvider } from '../../../lab/provider/install';

import { FakeAws } from './fake-aws';
import { TerraformProject } from './terraform-project';

export interface Fixture {
  aws: FakeAws;
  project: TerraformProject;
}

/** Per test: a fake AWS and a project that is initialised with the lab's provider. */
export function useProvider(configuration: object): Fixture {
  const fixture = {} as Fixture;
  let lab: string;
  let installed: Record<string, string>;
  beforeAll(async () => {
    lab = await mkdtemp(path.join(os.tmpdir(), "provider's lab "));
    installed = await installProvider(lab);
  });
  afterAll(() => rm(lab, { recursive: true, force: true }));

  beforeEach(async () => {
    fixture.aws = new FakeAws();
    const arn = 'arn:aws:rds:eu-west-1:111111111111:cluster:production';
    fixture.aws.data.set('aws_rds_cluster', { id: 'production', arn, port: 5432 });
    const environment = { AWS_ENDPOINT_URL: await fixture.aws.start(), AWS_ACCESS_KEY_ID: 'LAB000000000000' };
    fixture.project = await TerraformProject.create({ ...installed, ...environment });
    await fixture.project.write(configuration);
    expect(await fixture.project.run(['init', '-input=false'])).toMatchObject({ code: 0 });
  });
  afterEach(async () => {
    await fixture.aws.stop();
    await fixture.project.remove();
  });
  return fixture;
}
