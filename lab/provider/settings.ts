import { isCtyObject, UNKNOWN, type CtyObject, type CtyValue } from './cty/type';
import { ProviderError } from './diagnostics';

/** What one `provider "aws"` block comes to. */
export interface ProviderSettings {
  /** Account whose resources this provider manages, 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Base URL of the lab's AWS. */
  readonly endpoint: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

export const START_THE_LAB =
  'Start the lab and load its environment: npm run lab -- up, then eval "$(npm run -s lab -- env)".';

/** Reads a provider block and the environment. Throws ProviderError with what to do. */
export function providerSettings(config: CtyObject, environment: NodeJS.ProcessEnv): ProviderSettings {
  const endpoint = environment.AWS_ENDPOINT_URL;
  if (endpoint === undefined || endpoint === '') {
    throw new ProviderError('The lab is not loaded', `AWS_ENDPOINT_URL is not set. ${START_THE_LAB}`);
  }
  const region = text(config.region) ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    const seen = region === undefined ? 'No Region is given' : `"${region}" is not an AWS Region`;
    throw new ProviderError('Invalid AWS Region', `${seen}. Set region in the provider block.`, ['region']);
  }
  const account = accountOf(config, environment);
  checkAllowed(account, config);
  return { account, region, endpoint: endpoint.replace(/\/$/, ''), defaultTags: defaultTags(config) };
}

/** The account of the role to assume, else the one that the lab's access key names. */
function accountOf(config: CtyObject, environment: NodeJS.ProcessEnv): string {
  const roles = objects(config.assume_role).flatMap((role) => text(role.role_arn) ?? []);
  const role = roles.at(-1);
  if (role !== undefined) {
    const account = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/.exec(role)?.[1];
    if (account !== undefined) return account;
    throw new ProviderError('Cannot assume IAM Role', `"${role}" is not the ARN of an IAM role.`, ['assume_role']);
  }
  const key = text(config.access_key) ?? environment.AWS_ACCESS_KEY_ID;
  const account = /^LAB(\d{12})$/.exec(key ?? '')?.[1];
  if (account !== undefined) return account;
  throw new ProviderError(
    'No valid credential sources found',
    `The access keys of the lab are LAB followed by the account id, and no role to assume is given. ${START_THE_LAB}`,
  );
}

/** The same refusal, in the same words, as the real provider's. */
function checkAllowed(account: string, config: CtyObject): void {
  const allowed = texts(config.allowed_account_ids);
  if ((allowed.length > 0 && !allowed.includes(account)) || texts(config.forbidden_account_ids).includes(account)) {
    throw new ProviderError(
      `AWS account ID not allowed: ${account}`,
      allowed.length > 0
        ? `The provider block allows ${allowed.join(', ')}. Set the role to assume, or use credentials, of that account.`
        : 'The provider block forbids it.',
    );
  }
}

function defaultTags(config: CtyObject): Record<string, string> {
  const tags = objects(config.default_tags).map((block) => block.tags);
  return Object.assign({}, ...tags.filter(isCtyObject)) as Record<string, string>;
}

const text = (value: CtyValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const texts = (value: CtyValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
const objects = (value: CtyValue | undefined): CtyObject[] =>
  Array.isArray(value) && value !== UNKNOWN ? value.filter(isCtyObject) : [];
