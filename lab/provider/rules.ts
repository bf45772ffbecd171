import { isCtyObject, UNKNOWN, type CtyObject, type CtyValue } from './cty/type';
import type { Problem, ValuePath } from './diagnostics';

/** Checks one configuration; values that are still unknown pass. */
export type Rule = (config: CtyObject) => readonly Problem[];

interface Found {
  readonly path: ValuePath;
  readonly value: CtyValue;
}

/** Every value under a dotted name. `block.name` looks into each of the repeated blocks. */
function find(config: CtyObject, name: string): Found[] {
  let found: Found[] = [{ path: [], value: config }];
  for (const part of name.split('.')) {
    found = found.flatMap(({ path, value }) => {
      const objects = Array.isArray(value)
        ? value.map((item, index) => ({ item, at: [...path, index] }))
        : [{ item: value, at: path }];
      return objects.flatMap(({ item, at }) =>
        isCtyObject(item) ? [{ path: [...at, part], value: item[part] ?? null }] : [],
      );
    });
  }
  return found;
}

function matching(name: string, accepts: (text: string) => boolean, expectation: string): Rule {
  return (config) =>
    find(config, name)
      .flatMap(({ path, value }) =>
        Array.isArray(value) ? value.map((item) => ({ path, value: item })) : [{ path, value }],
      )
      .filter(({ value }) => typeof value === 'string' && !accepts(value))
      .map(({ path, value }) => ({
        summary: `"${name}" is not valid`,
        detail: `"${String(value)}" was given; ${expectation}.`,
        path,
      }));
}

/** AWS's own policies are of the account `aws`. */
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/;
const isArn = (text: string): boolean => ARN.test(text);

/** An empty one is none to the provider (verify.ValidARN), as in the state of a cluster without a key. */
export const arn = (name: string): Rule =>
  matching(
    name,
    (text) => text === '' || isArn(text),
    'a full ARN is needed, such as arn:aws:kms:eu-west-1:111111111111:key/example',
  );

export const arnOf = (name: string, service: string): Rule =>
  matching(
    name,
    (text) => isArn(text) && text.split(':')[2] === service,
    `a full ARN of the service "${service}" is needed`,
  );

export const accountId = (name: string): Rule =>
  matching(name, (text) => /^\d{12}$/.test(text), 'an AWS account id has exactly 12 digits');

export const accountIdOrArn = (name: string): Rule =>
  matching(name, (text) => /^\d{12}$/.test(text) || isArn(text), 'a 12-digit account id or a full ARN is needed');

/** DB identifiers: letters, digits, single hyphens, starting with a letter, at most 63 characters. */
const isIdentifier = (text: string): boolean => /^[a-z](-?[a-z0-9])*$/.test(text) && text.length <= 63;
const IDENTIFIER =
  'lower-case letters, digits and single hyphens are allowed, starting with a letter, at most 63 characters';

export const identifier = (name: string): Rule => matching(name, isIdentifier, IDENTIFIER);

export const parameterGroupName = (name: string): Rule =>
  matching(
    name,
    (text) => /^[a-z]([-.]?[a-z0-9])*$/.test(text) && text.length <= 255,
    'lower-case letters, digits, periods and single hyphens are allowed, starting with a letter, at most 255 characters',
  );

export const identifierOrClusterArn = (name: string): Rule =>
  matching(
    name,
    (text) => isIdentifier(text) || /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[a-z][a-z0-9-]*$/.test(text),
    'a cluster identifier of this account, or for a cluster shared by another account its full ARN, is needed',
  );

export const oneOf = (name: string, ...values: string[]): Rule =>
  matching(name, (text) => values.includes(text), `one of ${values.join(', ')} is needed`);

export const startsWith = (name: string, prefix: string): Rule =>
  matching(name, (text) => text.startsWith(prefix), `the id of such a resource starts with "${prefix}"`);

export const cidr4 = (name: string): Rule =>
  matching(name, isCanonicalCidr4, 'a canonical IPv4 CIDR block is needed, such as 10.0.0.0/16');

/** As EC2 wants it: no bits set behind the prefix. */
function isCanonicalCidr4(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return false;
  const [a, b, c, d, length] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || length > 32) return false;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return address % 2 ** (32 - length) === 0;
}

/** In each section `section` (or at the top when it is empty): exactly one of the names is set. */
export const exactlyOne = (section: string, ...names: string[]): Rule => counted(section, names, 1);
/** As exactlyOne, but none is fine too. */
export const atMostOne = (section: string, ...names: string[]): Rule => counted(section, names, 0);

function counted(section: string, names: string[], minimum: 0 | 1): Rule {
  return (config) => {
    const sections =
      section === '' ? [{ path: [], value: config as CtyValue }] : find(config, section).flatMap(flatten);
    return sections.flatMap(({ path, value }) => {
      if (!isCtyObject(value)) return [];
      const unknown = names.filter((name) => value[name] === UNKNOWN);
      const given = names.filter((name) => !unknown.includes(name) && isGiven(value[name] ?? null));
      if (given.length <= 1 && given.length + unknown.length >= minimum) return [];
      const amount = minimum === 1 ? 'exactly one' : 'at most one';
      const seen = given.length === 0 ? 'none is set' : `${given.join(' and ')} are set`;
      return [
        { summary: 'Invalid combination of arguments', detail: `Set ${amount} of ${names.join(', ')}; ${seen}.`, path },
      ];
    });
  };
}

/** A block that is not there is an empty list. */
const isGiven = (value: CtyValue): boolean => value !== null && !(Array.isArray(value) && value.length === 0);

const flatten = ({ path, value }: Found): Found[] =>
  Array.isArray(value) ? value.map((item, index) => ({ path: [...path, index], value: item })) : [{ path, value }];
