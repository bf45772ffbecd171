import { DataAwsRdsCluster } from '@cdktf/provider-aws/lib/data-aws-rds-cluster';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';

/**
 * The production cluster, which Terraform reads and never changes. What the
 * environment file states about it is checked here, at plan time, against the
 * cluster itself.
 */
export function productionCluster(scope: Construct, environment: Environment): DataAwsRdsCluster {
  const { cluster } = environment.source;
  return new DataAwsRdsCluster(scope, 'production', {
    clusterIdentifier: cluster.identifier,
    lifecycle: {
      postcondition: [
        engineCondition(),
        versionCondition(cluster.majorVersion),
        encryptionCondition(environment),
        ...secretConditions(environment),
      ],
    },
  });
}

function engineCondition() {
  return {
    condition: '${self.engine == "aurora-postgresql"}',
    errorMessage:
      'The source cluster ${self.cluster_identifier} runs ${self.engine}. Only aurora-postgresql can be cloned and replicated this way.',
  };
}

function versionCondition(majorVersion: number) {
  return {
    condition: `\${startswith(self.engine_version, "${majorVersion}.")}`,
    errorMessage: `The source cluster runs version \${self.engine_version}, but the environment says source.cluster.majorVersion: ${majorVersion}. Correct the environment file and run npm run synth.`,
  };
}

/** A key is stated or none is: a wrong one fails only minutes into the clone, with an error that does not name it. */
function encryptionCondition({ kms }: Environment) {
  if (kms.sourceKeyArn === undefined) {
    return {
      condition: '${!coalesce(self.storage_encrypted, false)}',
      errorMessage:
        'The source cluster is encrypted, but the environment states no kms.sourceKeyArn. State the customer managed key of the cluster. If it is the default aws/rds key, the cluster cannot be shared: restore a copy of a snapshot that is encrypted with a customer managed key.',
    };
  }
  return {
    condition: `\${coalesce(self.kms_key_id, "none") == "${kms.sourceKeyArn}"}`,
    errorMessage:
      'The source cluster is encrypted with ${coalesce(self.kms_key_id, "no key")}, which is not the kms.sourceKeyArn of the environment. Correct the environment file and run npm run synth.',
  };
}

function secretConditions({ source }: Environment) {
  if (source.cluster.adminSecretArn !== undefined) return [];
  return [
    {
      condition: '${length(self.master_user_secret) > 0}',
      errorMessage:
        'RDS manages no master secret for the source cluster. Put username and password of its master user into a Secrets Manager secret and state it as source.cluster.adminSecretArn.',
    },
  ];
}
