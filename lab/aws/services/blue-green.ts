import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error';
import { findCluster } from '../clusters';
import type { Scope } from '../operation';
import { XmlList, type XmlValue } from '../protocols/xml';
import type { BlueGreenDeployment } from '../world';

/**
 * As much of Blue/Green deployments as tells that one exists. What AWS refuses of them it refuses by itself: nothing
 * is known of it here but what its manual says, so nothing is switched over.
 */
export const blueGreenOperations: Readonly<Record<string, (scope: Scope, form: URLSearchParams) => XmlValue>> = {
  CreateBlueGreenDeployment: create,
  DeleteBlueGreenDeployment: remove,
  DescribeBlueGreenDeployments: ({ account }) => ({
    BlueGreenDeployments: new XmlList('member', Object.values(account.blueGreenDeployments ?? {}).map(shape)),
  }),
};

function create({ account, save }: Scope, form: URLSearchParams): XmlValue {
  const cluster = findCluster(account, form.get('Source') ?? '');
  const identifier = `bgd-${randomBytes(8).toString('hex')}`;
  const name = form.get('BlueGreenDeploymentName') ?? identifier;
  const made = { identifier, name, source: cluster.arn };
  account.blueGreenDeployments = { ...account.blueGreenDeployments, [identifier]: made };
  save();
  return { BlueGreenDeployment: shape(made) };
}

function remove({ account, save }: Scope, form: URLSearchParams): XmlValue {
  const identifier = form.get('BlueGreenDeploymentIdentifier') ?? '';
  const { [identifier]: found, ...left } = account.blueGreenDeployments ?? {};
  if (found === undefined)
    throw new AwsError(
      'BlueGreenDeploymentNotFoundFault',
      `${identifier} doesn't refer to a blue/green deployment.`,
      404,
    );
  account.blueGreenDeployments = left;
  save();
  return { BlueGreenDeployment: shape(found) };
}

function shape({ identifier, name, source }: BlueGreenDeployment): XmlValue {
  return {
    BlueGreenDeploymentIdentifier: identifier,
    BlueGreenDeploymentName: name,
    Source: source,
    Status: 'AVAILABLE',
  };
}
