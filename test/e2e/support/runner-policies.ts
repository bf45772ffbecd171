import { loadEnvironment } from '../../../environments/loader';
import { policiesOf } from '../../../iam/policy/policies';
import type { SourceContract } from '../../../contract/contract';
import type { PolicyDocument } from '../../../iam/policy/grant';
import { allows, type Request } from '../../iam/allows';
import { documentsOf } from '../../iam/environments';
import { FILE } from './direct-stacks';
import type { RecordedCall } from './recorded-call';

/** The policy of that name for a lab, with the key that its contract names, and without what only the stacks decide. */
export function runnerPolicy(name: string, { production }: SourceContract): readonly PolicyDocument[] {
  const environment = { ...loadEnvironment(FILE), kms: { sourceKeyArn: production!.sourceKeyArn! } };
  return documentsOf(policiesOf(environment, { source: {}, target: {} }), name);
}

/** What a policy does not allow of recorded calls, each on what it was on. */
export function deniedOf(documents: readonly PolicyDocument[], calls: readonly RecordedCall[]): Request[] {
  return calls
    .flatMap(({ action, resources, context }) =>
      resources.map((arn) => ({ action, resource: asDeployed(arn), context })),
    )
    .filter((request) => !allows(documents, request));
}

/** The lab's groups are made without the stacks, under a name of their own. */
const asDeployed = (arn: string) => arn.replace(/:cluster-pg:source$/, ':cluster-pg:acas-demo-source-pg17');

export const actionsIn = (documents: readonly PolicyDocument[]): string[] =>
  [...new Set(documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)))].sort();
