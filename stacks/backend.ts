import {
  CloudBackend,
  DataTerraformRemoteState,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  NamedCloudWorkspace,
  NamedRemoteWorkspace,
  S3Backend,
  type TerraformRemoteState,
  type TerraformStack,
} from 'cdktf';
import type { Side } from '../contract/contract';
import type { Backend } from '../environments/schema/backend';

/** Declares where the state of a stack is kept. */
export function useBackend(stack: TerraformStack, backend: Backend, stackName: string, side: Side): void {
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, { path: localPath(backend, stackName) });
      return;
    case 's3':
      // The option is newer than cdktf; it replaces the lock table in DynamoDB.
      new S3Backend(stack, s3Config(backend, stackName, side)).addOverride('use_lockfile', true);
      return;
    case 'remote':
      new CloudBackend(stack, {
        hostname: backend.hostname,
        organization: backend.organization,
        workspaces: new NamedCloudWorkspace(workspace(backend, stackName)),
      });
  }
}

/** What stands for outputs that the other state does not have, and what is said then. */
export interface WithoutOutputs {
  /** By the name of the output; so formed that a destroy can still evaluate what refers to it. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Expression that is true where the outputs are there. */
  readonly condition: string;
  readonly errorMessage: string;
}

/**
 * Reads the outputs of another stack's state. Explicit rather than through
 * cdktf's cross-stack references: those copy values into sensitive outputs with
 * generated names, and tie the two stacks of two accounts into one run.
 */
export function remoteState(
  stack: TerraformStack,
  id: string,
  backend: Backend,
  otherStack: string,
  side: Side,
  { defaults, condition, errorMessage }: WithoutOutputs,
): TerraformRemoteState {
  const state = declared();
  // A failed condition ends a plan before anything refers to the defaults; in a destroy it only warns.
  state.addOverride('lifecycle.postcondition', [{ condition: `\${${condition}}`, error_message: errorMessage }]);
  return state;

  function declared(): TerraformRemoteState {
    switch (backend.type) {
      case 'local':
        return new DataTerraformRemoteStateLocal(stack, id, { defaults, path: localPath(backend, otherStack) });
      case 's3':
        return new DataTerraformRemoteStateS3(stack, id, { defaults, ...s3Config(backend, otherStack, side) });
      case 'remote':
        return new DataTerraformRemoteState(stack, id, {
          defaults,
          hostname: backend.hostname,
          organization: backend.organization,
          workspaces: new NamedRemoteWorkspace(workspace(backend, otherStack)),
        });
    }
  }
}

/** Relative to the stack's folder, cdktf.out/stacks/<stack>: an absolute path would differ on every machine. */
function localPath(backend: Extract<Backend, { type: 'local' }>, stackName: string): string {
  return `../../../${backend.directory.replace(/\/+$/, '')}/${stackName}.tfstate`;
}

function s3Config(backend: Extract<Backend, { type: 's3' }>, stackName: string, side: Side) {
  const roleArn = side === 'source' ? backend.sourceRoleArn : backend.targetRoleArn;
  return {
    bucket: backend.bucket,
    key: `${backend.keyPrefix}/${stackName}.tfstate`,
    region: backend.region,
    encrypt: true,
    kmsKeyId: backend.kmsKeyId,
    assumeRole: roleArn === undefined ? undefined : { roleArn },
  };
}

function workspace(backend: Extract<Backend, { type: 'remote' }>, stackName: string): string {
  return `${backend.workspacePrefix}${stackName}`;
}
