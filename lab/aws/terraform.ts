import { AwsError, unsupported } from './aws-error';
import type { Scope } from './operation';
import { dataSources } from './resources/data-sources';
import type { Attributes } from './resources/handler';
import { resources } from './resources/table';

/** What the lab's Terraform provider sends. */
export interface TerraformRequest {
  readonly operation: 'create' | 'read' | 'update' | 'delete' | 'data';
  /** `aws_rds_cluster` */
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** Planned values, without the unknown ones. */
  readonly config: Attributes | null;
  /** Values of the state. */
  readonly prior: Attributes | null;
}

export interface TerraformAnswer {
  /** Overlay the planned state; null when the resource is gone. */
  readonly attributes: Attributes | null;
}

/** Does one operation of the Terraform provider on the world. */
export async function terraformOperation(scope: Scope, request: TerraformRequest): Promise<TerraformAnswer> {
  const { operation, type } = request;
  const config = request.config ?? {};
  const prior = request.prior ?? {};
  if (operation === 'data') {
    const read = dataSources[type];
    if (read === undefined) throw unsupported(`the data source ${type}`);
    return { attributes: { ...(await read(scope, config)), region: scope.region } };
  }
  const handler = resources[type];
  if (handler === undefined) throw unsupported(`the resource ${type}`);
  switch (operation) {
    case 'create':
      return { attributes: { ...(await handler.create(scope, config)), region: scope.region } };
    case 'update':
      return { attributes: { ...(await handler.update(scope, config, prior)), region: scope.region } };
    case 'read':
      return { attributes: await handler.read(scope, prior) };
    case 'delete':
      await handler.delete(scope, prior);
      return { attributes: null };
    default:
      throw new AwsError('InvalidAction', `The operation "${String(operation)}" is not known.`);
  }
}
