import type { StackJson } from './stack-folders';

/**
 * Where Terraform keeps the state of a stack, in words that differ only where it is another state: the role and the key
 * with which a bucket is read move nothing.
 */
export function placeOfState({ terraform = {} }: StackJson): string {
  const { backend: { local, s3 } = {}, cloud } = terraform;
  if (cloud !== undefined)
    return `workspace ${cloud.workspaces?.name} of ${cloud.organization} on ${cloud.hostname ?? 'app.terraform.io'}`;
  if (s3 !== undefined) return `s3://${s3.bucket}/${s3.key}`;
  return `the file ${local?.path ?? 'terraform.tfstate'}`;
}

/** Terraform moves no state out of HCP Terraform, and asks in other words when it moves one there. */
export const isOnHcp = ({ terraform }: StackJson): boolean => terraform?.cloud !== undefined;
