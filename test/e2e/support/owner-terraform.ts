import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../environments/schema';
import type { Lab } from '../../../lab/lab';

/** What the owner of production has in their own Terraform, beside what the source stack prints for them. */
export interface Owned {
  /** What their cluster says of its group: an expression. */
  readonly group: string;
  /** Within their parameter group. */
  readonly parameters?: string;
  /** Within their security group. */
  readonly ingress?: string;
  /** Rules of others are left alone. */
  readonly ignoreIngress?: true;
  /** After their own statement in the policy of the key; absent: they have no key. */
  readonly keyStatements?: string;
}

/** A Terraform project of others: production as it was before, imported, and applied by the real terraform. */
export class OwnerTerraform {
  private readonly directory: string;

  constructor(
    private readonly lab: Lab,
    private readonly binary: string,
    private readonly environment: Environment,
  ) {
    this.directory = join(lab.directory, 'owner');
    mkdirSync(this.directory, { recursive: true });
  }

  /** The owner's next apply. @throws Error where terraform ends with an error */
  apply(owned: Owned, additions: Readonly<Record<string, string>> = {}): void {
    this.write(owned, additions);
    this.expectDone('apply', '-auto-approve', '-input=false');
  }

  /** What is left to do, as terraform plans it; empty: nothing. */
  left(): string {
    const { status, output } = this.terraform('plan', '-detailed-exitcode', '-input=false');
    // Those come in any order.
    return status === 0 ? '' : output.replaceAll(/^.*: (?:Refreshing state|Preparing import).*\n/gm, '');
  }

  validate(): void {
    this.expectDone('validate');
  }

  write(owned: Owned, additions: Readonly<Record<string, string>> = {}): void {
    for (const name of ['owner.tf', 'owner.tf.json', 'imports.tf']) rmSync(join(this.directory, name), { force: true });
    writeFileSync(join(this.directory, 'main.tf'), this.main(owned));
    for (const [name, text] of Object.entries(additions)) writeFileSync(join(this.directory, name), text);
  }

  private expectDone(...args: string[]): void {
    const { status, output } = this.terraform(...args);
    if (status !== 0) throw new Error(`terraform ${args[0]} of the owner: ${output}`);
  }

  private terraform(...args: string[]) {
    const variables = { ...process.env, ...this.lab.env, TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '' };
    const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
    const call = (...words: string[]) =>
      spawnSync(this.binary, words, { cwd: this.directory, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (!existsSync(join(this.directory, '.terraform'))) {
      const init = call('init', '-input=false', '-no-color');
      if (init.status !== 0) throw new Error(`terraform init: ${init.stdout}${init.stderr}`);
    }
    const { status, stdout, stderr } = call(...args, '-no-color');
    return { status, output: stdout + stderr };
  }

  private main({ group, parameters = '', ingress = '', ignoreIngress, keyStatements }: Owned): string {
    const { source, region, kms } = this.environment;
    const { identifier, majorVersion, parameterGroup } = source.cluster;
    const [securityGroup = ''] = source.network.securityGroupIds;
    return `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "6.25.0" }
  }
}
provider "aws" {
  region              = "${region}"
  allowed_account_ids = ["${source.accountId}"]
  assume_role { role_arn = "${source.roleArn}" }
}
import {
  to = aws_rds_cluster.production
  id = "${identifier}"
}
resource "aws_rds_cluster" "production" {
  cluster_identifier                  = "${identifier}"
  engine                              = "aurora-postgresql"
  db_cluster_parameter_group_name     = ${group}
  vpc_security_group_ids              = ["${securityGroup}"]
  storage_type                        = "aurora-iopt1"
  backup_retention_period             = 7
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  deletion_protection                 = true
  skip_final_snapshot                 = true
}
import {
  to = aws_security_group.production
  id = "${securityGroup}"
}
resource "aws_security_group" "production" {
  name        = "lab-${securityGroup}"
  description = "Exists before Terraform"
  vpc_id      = "${source.network.vpcId}"
${ingress}${ignoreIngress === true ? '\n  lifecycle {\n    ignore_changes = [ingress]\n  }' : ''}
}
${parameterGroup!.startsWith('default.') ? '' : ownGroup(parameterGroup!, majorVersion, parameters)}
${keyStatements === undefined ? '' : keyPolicy(kms.sourceKeyArn!, source.accountId, keyStatements)}`;
  }
}

const ownGroup = (name: string, majorVersion: number, parameters: string): string => `
import {
  to = aws_rds_cluster_parameter_group.production
  id = "${name}"
}
resource "aws_rds_cluster_parameter_group" "production" {
  name        = "${name}"
  family      = "aurora-postgresql${majorVersion}"
  description = "Today’s group of the production cluster"
  parameter {
    name         = "work_mem"
    value        = "8192"
    apply_method = "pending-reboot"
  }
${parameters}
}`;

const keyPolicy = (keyArn: string, accountId: string, statements: string): string => `
resource "aws_kms_key_policy" "production" {
  key_id = "${keyArn}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "Own"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${accountId}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }], ${statements})
  })
}`;
