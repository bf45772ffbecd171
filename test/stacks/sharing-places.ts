import { cloneCluster, dependsOn, sharingModes } from './json-places';
import { of, type SettingPlace } from './setting-place';

/** The settings of sharing. */
export const SHARING: readonly SettingPlace[] = [
  of(
    'sharing.mode',
    'invitation',
    'source.resource.aws_ram_resource_share.cluster_share.allow_external_principals',
    // Sent anew together with the peering: there is an invitation that can end.
    'source.//.metadata.overrides.terraform_data.0',
    '+source.//.metadata.overrides.terraform_data.1',
    '+source.resource.aws_ram_principal_association.cluster_principal.lifecycle',
    '+source.resource.terraform_data.cluster_asked',
    `${dependsOn}.21`,
    `+${dependsOn}.22`,
    ...sharingModes.flatMap((place) => [
      `${place}.input`,
      ...['condition', 'error_message'].map((part) => `${place}.lifecycle.postcondition.0.${part}`),
    ]),
    // An accepter that is in the state is forgotten, where there is none any more.
    '-target.//.metadata.overrides.stack.1',
    '-target.removed',
    '+target.resource.aws_ram_resource_share_accepter',
    `+${cloneCluster}.depends_on.0`,
  ),
];
