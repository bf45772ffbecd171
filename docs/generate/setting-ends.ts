import { SETTING_PLACES } from '../../test/stacks/setting-places';
import { awsPage } from './aws-pages';

/** More are told by the JSON itself. */
const MOST = 3;

/** What a place is beside what the setting is for: the order of others, texts of preconditions, notes of cdktf. */
const BESIDE = /\.(?:depends_on|lifecycle|removed|\/\/)\b|\.(?:owner_hcl|owner_json)\.|dashboard_body/;

/**
 * Where in the Terraform JSON a setting ends, as Markdown: the arguments with AWS's page of their resource. Of what
 * test/stacks/setting-places.ts names, which is held against the JSON itself.
 * @returns empty where it ends nowhere, as there is only one value
 */
export function endsOf(setting: string): string {
  const places = SETTING_PLACES.filter((one) => one.setting === setting).flatMap((one) => one.places);
  const told = places.filter((place) => !BESIDE.test(place));
  const ends = [...new Set((told.length > 0 ? told : places).flatMap((place) => wordsOf(place) ?? []))];
  const more = ends.length > MOST ? [`${ends.length - MOST} more`] : [];
  return [...ends.slice(0, MOST), ...more].join(', ');
}

/** Of `[+-]<stack>.<kind>.<type>.<name>.<argument>`; undefined: of nothing that has a name. */
function wordsOf(place: string): string | undefined {
  const [, kind, type, ...rest] = place.replace(/^[+-]/, '').split('.') as [string, string, string?, ...string[]];
  const named = rest.slice(1).filter((part) => !/^\d+$/.test(part));
  switch (kind) {
    case 'resource':
      return resource(type!, named);
    case 'data':
      if (type === 'terraform_remote_state') return undefined;
      return `data ${resource(type!, named)}`;
    case 'provider':
      return `provider ${type}: \`${rest.slice(1).join('.')}\``;
    case 'terraform':
      return `${type}: \`${rest.filter((part) => part !== 's3' && part !== 'local').join('.')}\``;
    case 'output':
      return type === 'contract' ? `contract: \`${rest.slice(1).join('.')}\`` : `output \`${type}\``;
    case 'import':
      return '`import`';
    default:
      return undefined;
  }
}

/** Linked by what stands below the page, so that its tables can be read as they are. */
const resource = (type: string, named: readonly string[]): string =>
  named.length === 0 ? `[${type}]` : `[${type}] \`${named.join('.')}\``;

/** For the bottom of the page: where each `[type]` in it leads to. */
export function linksOf(page: string): string {
  const types = new Set([...page.matchAll(/\[(aws_\w+)\]/g)].map(([, type]) => type!));
  return [...types]
    .sort()
    .map((type) => `[${type}]: ${awsPage(type)}\n`)
    .join('');
}
