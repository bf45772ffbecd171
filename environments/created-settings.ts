import { PRESETS, type PresetSettings } from './presets';
import type { Environment } from './schema';
import type { CreateSettings } from './schema/created-cluster';

/** All that is decided of a cluster that the stack makes: what the file says, else its preset. */
export type CreatedSettings = PresetSettings &
  Pick<CreateSettings, 'minorVersion' | 'serverlessV2' | 'writer' | 'kerberos' | 'instanceParameters'> & {
    readonly masterUser: PresetSettings['masterUser'] & { readonly secretKeyArn?: string };
    readonly network: PresetSettings['network'] & { readonly subnetIds?: string[]; readonly subnetGroup?: string };
    readonly encrypted: boolean;
    /** Undefined: none is made with the cluster. */
    readonly database: string | undefined;
    readonly autoMinorVersionUpgrade: boolean;
  };

export function createdSettings({ source, kms, databases }: Environment): CreatedSettings {
  const { create } = source.cluster;
  if (create === undefined) throw new Error('the environment makes no cluster');
  const preset = PRESETS[create.preset];
  const { serverlessV2 } = create;
  return {
    ...preset,
    ...given(create),
    masterUser: { ...preset.masterUser, ...given(create.masterUser) },
    storage: { ...preset.storage, ...given(create.storage) },
    network: { ...preset.network, ...given(create.network) },
    insights: { ...preset.insights, ...given(create.insights) },
    backup: { ...preset.backup, ...given(create.backup) },
    instanceClass: create.instanceClass ?? (serverlessV2 === undefined ? preset.instanceClass : 'db.serverless'),
    encrypted: create.storage?.encrypted ?? (create.preset === 'production' || kms.sourceKeyArn !== undefined),
    database: create.database ?? databases.map(({ name }) => name).find((name) => /^[a-z][a-z0-9_]*$/.test(name)),
    // A pinned version that RDS raised would be lowered by the next plan, which RDS refuses.
    autoMinorVersionUpgrade: create.autoMinorVersionUpgrade ?? create.minorVersion === undefined,
  };
}

/** Without what is undefined, which would take the place of what the preset says. */
function given<T extends object>(settings: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}
