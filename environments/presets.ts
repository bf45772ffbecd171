import type { CreateSettings, Preset } from './schema/created-cluster';

type Given<T> = T extends undefined ? never : T;

/** What a preset decides. */
export interface PresetSettings {
  readonly masterUser: { readonly name: string; readonly rotationDays: number };
  readonly storage: { readonly type: 'standard' | 'io-optimized' };
  readonly instanceClass: string;
  readonly readers: Given<CreateSettings['readers']>;
  readonly network: { readonly publicAccess: boolean };
  readonly proxy: boolean;
  readonly dataApi: boolean;
  readonly port: number;
  readonly iamAuthentication: boolean;
  readonly insights: { readonly mode: 'standard' | 'advanced'; readonly retentionDays: number };
  readonly monitoringSeconds: number;
  readonly backup: {
    readonly retentionDays: number;
    readonly window: string;
    readonly copyTags: boolean;
    readonly finalSnapshot: boolean;
  };
  readonly logExports: readonly string[];
  readonly maintenanceWindow: string;
  readonly caCertificate: string;
  readonly deletionProtection: boolean;
}

/** RDS changes the password of a secret that it manages every seven days, unless told otherwise. */
export const RDS_ROTATION_DAYS = 7;

const COMMON = {
  masterUser: { name: 'postgres', rotationDays: RDS_ROTATION_DAYS },
  storage: { type: 'standard' },
  network: { publicAccess: false },
  proxy: false,
  dataApi: false,
  port: 5432,
  insights: { mode: 'standard', retentionDays: 7 },
  maintenanceWindow: 'sun:03:00-sun:04:00',
  caCertificate: 'rds-ca-rsa2048-g1',
} as const;

/** production: nothing is lost by mistake, and one zone may fail. development: as cheap as it can be, and easily deleted. */
export const PRESETS: Readonly<Record<Preset, PresetSettings>> = {
  production: {
    ...COMMON,
    instanceClass: 'db.r6g.large',
    readers: [{ failoverPriority: 1 }],
    iamAuthentication: true,
    monitoringSeconds: 60,
    backup: { retentionDays: 14, window: '01:00-02:00', copyTags: true, finalSnapshot: true },
    logExports: ['postgresql'],
    deletionProtection: true,
  },
  development: {
    ...COMMON,
    instanceClass: 'db.t4g.medium',
    readers: [],
    iamAuthentication: false,
    monitoringSeconds: 0,
    backup: { retentionDays: 1, window: '01:00-02:00', copyTags: true, finalSnapshot: false },
    logExports: [],
    deletionProtection: false,
  },
};
