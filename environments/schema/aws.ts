import { parseArn } from '../arn';
import { parseCidr } from '../../contract/cidr';
import { textWith, type TextRule, type EditorHints } from './refined';

const DEFAULT_KEY = /(^|\/)aws\/rds$/;

export function accountId(description: string) {
  const accepts = (value: string) => /^\d{12}$/.test(value);
  return textWith(
    [
      {
        code: 'BAD_ACCOUNT_ID',
        accepts,
        seen: (value) => `"${value}" is not an AWS account id.`,
        why: 'The provider refuses to work in any account but this one.',
        next: 'Give the 12 digits in quotes.',
      },
    ],
    { description, pattern: '^\\d{12}$', examples: ['111111111111'] },
  );
}

/** Areas and directions are AWS's; new Regions of an area there is are taken as they come. */
const REGION =
  '^(af|ap|ca|cn|eu|eu-isoe|eusc-de|il|me|mx|sa|us|us-gov|us-iso[bf]?)-(central|(north|south)?(east|west)|north|south)-[1-9]$';

export function region(description: string) {
  const accepts = (value: string) => new RegExp(REGION).test(value);
  return textWith(
    [
      {
        code: 'BAD_REGION',
        accepts,
        seen: (value) => `"${value}" is not the name of an AWS Region.`,
        why: 'Aurora clones only within one Region, and both stacks are set to it.',
        next: 'Write it as in eu-west-1.',
      },
    ],
    { description, pattern: REGION, examples: ['eu-west-1'] },
  );
}

/** The id of a VPC object: `vpc-…`, `subnet-…`, `rtb-…`, `sg-…`. */
export function resourceId(prefix: string, noun: string, description?: string) {
  const pattern = `^${prefix}-[0-9a-f]{8,17}$`;
  const accepts = (value: string) => new RegExp(pattern).test(value);
  return textWith(
    [
      {
        code: 'BAD_RESOURCE_ID',
        accepts,
        seen: (value) => `"${value}" is not the id of a ${noun}.`,
        why: 'Terraform would fail on it halfway through an apply.',
        next: `Give the id: ${prefix}- and 8 to 17 hexadecimal digits.`,
      },
    ],
    { description: description ?? `Id of a ${noun}.`, pattern },
  );
}

export function cidr(description: string) {
  const accepts = (value: string) => {
    const range = parseCidr(value);
    return range !== undefined && range.prefix >= 16 && range.prefix <= 28;
  };
  return textWith(
    [
      {
        code: 'BAD_CIDR',
        accepts,
        seen: (value) => `"${value}" is not the CIDR block of a VPC.`,
        why: 'It becomes the destination of routes and the source of security group rules.',
        next: 'Give the network address and a prefix from /16 to /28, as in 10.0.0.0/16.',
      },
    ],
    { description, pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$', examples: ['10.0.0.0/16'] },
  );
}

/** Widest block of private addresses that there is (RFC 1918). */
const WIDEST_PREFIX = 8;

/** Addresses of whoever connects; from one address on. */
export function clientCidr(description: string) {
  const why = 'A rule of a security group lets these addresses in on the database port.';
  return textWith(
    [
      {
        code: 'BAD_CIDR',
        accepts: (value) => parseCidr(value) !== undefined,
        seen: (value) => `"${value}" is not a CIDR block.`,
        why,
        next: 'Give the network address and a prefix, as in 10.1.0.0/16, or 10.1.4.7/32 for one address.',
      },
      {
        code: 'BAD_CIDR',
        accepts: (value) => (parseCidr(value)?.prefix ?? 0) >= WIDEST_PREFIX,
        seen: (value) => `"${value}" lets in more addresses than any network of one's own has.`,
        why,
        next: 'Name the networks of the users and of sql-runner, each /8 or narrower.',
      },
    ],
    { description, pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$', examples: ['10.1.0.0/16', '10.1.4.7/32'] },
  );
}

function arn(service: string, resource: RegExp, example: string): TextRule {
  const accepts = (value: string) => {
    const parsed = parseArn(value);
    return (
      parsed?.service === service && resource.test(parsed.resource) && (service === 'iam') === (parsed.region === '')
    );
  };
  const seen = (value: string) => `"${value}" is not the ARN that belongs here.`;
  return {
    code: 'BAD_ARN',
    accepts,
    seen,
    why: 'AWS finds the object, and the account it is in, by its full ARN.',
    next: `Give the full ARN, as in ${example}.`,
  };
}

const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/;
const USER = /^arn:aws[a-z-]*:iam::\d{12}:(user\/.+|root)$/;

/** What `aws sts get-caller-identity` shows is a session, which nobody can assume. */
const noSession: TextRule = {
  code: 'BAD_ARN',
  accepts: (value) => !SESSION.test(value),
  seen: (value) => `"${value}" is a session of a role, not the role.`,
  why: 'A session ends, and nobody can assume it.',
  next: (value) => `Give the role: ${value.replace(SESSION, 'arn:$1:iam::$2:role/$3')}, with its path if it has one.`,
};

const noUser: TextRule = {
  code: 'BAD_ARN',
  accepts: (value) => !USER.test(value),
  seen: (value) => `"${value}" is a user, not a role.`,
  why: 'Only a role can be assumed.',
  next: 'Give the ARN of a role that this user may assume, or remove the setting to work as the user.',
};

export function roleArn(description: string) {
  const role = arn('iam', /^role\/.+/, 'arn:aws:iam::111111111111:role/aurora-sync');
  return textWith([noSession, noUser, role], hints(description, 'iam'));
}

export function secretArn(description: string) {
  const rule = arn(
    'secretsmanager',
    /^secret:.+/,
    'arn:aws:secretsmanager:eu-west-1:111111111111:secret:aurora-admin-AbCdEf',
  );
  return textWith([rule], hints(description, 'secretsmanager'));
}

/** Alarms take no FIFO topic (PutMetricAlarm, AlarmActions). */
export function topicArn(description: string) {
  const fifo: TextRule = {
    code: 'BAD_ARN',
    accepts: (value) => !/^arn:aws[a-z-]*:sns:.*\.fifo$/.test(value),
    seen: (value) => `"${value}" is a FIFO topic.`,
    why: 'Alarms of CloudWatch publish to standard topics only.',
    next: 'Give the ARN of a standard topic, or leave the setting out.',
  };
  const rule = arn('sns', /^[\w-]+$/, 'arn:aws:sns:eu-west-1:111111111111:on-call');
  return textWith([fifo, rule], hints(description, 'sns'));
}

/** A key's own ARN. An alias would do for AWS, but the API answers with the key, and Terraform would see a change for ever. */
export function kmsKeyArn(description: string) {
  const rule = arn('kms', /^key\/.+/, 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab');
  return textWith([rule], hints(description, 'kms'));
}

export function sourceKeyArn(description: string) {
  const notDefault: TextRule = {
    code: 'KMS_DEFAULT_KEY',
    accepts: (value: string) => !DEFAULT_KEY.test(value),
    seen: (value: string) => `"${value}" is the default aws/rds key of the account.`,
    why: 'AWS manages the policy of that key and lets no other account use it, so a cluster encrypted with it cannot be shared or cloned across accounts.',
    next: 'Copy a snapshot of the cluster with a customer managed key, restore a cluster from the copy, move production to it, and name that key here.',
  };
  const rule = arn('kms', /^key\/.+/, 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab');
  return textWith([notDefault, rule], hints(description, 'kms'));
}

function hints(description: string, service: string): EditorHints {
  return { description, pattern: `^arn:aws[a-z-]*:${service}:` };
}
