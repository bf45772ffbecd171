import type { RoleDefinition } from '../postgres/catalog/schema-server';
import { quoteIdent } from '../postgres/text/quoting';
import type { DatabaseFacts } from './facts';
import { alike, difference, paired, type Difference } from './difference';

/** Roles of both servers, without passwords. */
export function compareRoles(source: readonly RoleDefinition[], clone: readonly RoleDefinition[]): Difference[] {
  const both = paired(source, clone, ({ name }) => name);
  return [
    ...both.flatMap(({ there, here }) => role(there, here)),
    ...both.flatMap(({ there, here }) => memberships(there, here)),
  ];
}

function role(there: RoleDefinition | null, here: RoleDefinition | null): Difference[] {
  const name = (there ?? here)!.name;
  const words = (one: RoleDefinition | null) =>
    one === null ? null : [...one.attributes, ...one.privileged].join(' ');
  if (words(there) === words(here)) return [];
  const common = { kind: 'role', object: `role ${name}`, source: words(there), clone: words(here) } as const;
  if (there === null)
    return [
      difference({
        ...common,
        statements: [],
        next: 'nothing of the source needs it; whoever works on the clone alone may: it is left',
      }),
    ];
  const verb = here === null ? 'CREATE' : 'ALTER';
  const privileged = !alike(there.privileged, here?.privileged ?? []);
  const ordinary = !alike(there.attributes, here?.attributes);
  return [
    difference({
      ...common,
      statements: ordinary ? [`${verb} ROLE ${quoteIdent(name)} ${there.attributes.join(' ')}`] : [],
      next:
        [
          ...(here === null ? ['passwords are not read: it has none until you give it one'] : []),
          ...(privileged ? ['what only a superuser gives is not followed'] : []),
        ].join('; ') || null,
    }),
  ];
}

function memberships(there: RoleDefinition | null, here: RoleDefinition | null): Difference[] {
  if (there === null) return [];
  const [wanted, has] = [there.memberOf, here?.memberOf ?? []];
  if (alike(wanted, has)) return [];
  const key = (one: RoleDefinition['memberOf'][number]) => JSON.stringify(one);
  const [known, own] = [new Set(wanted.map(key)), new Set(has.map(key))];
  const words = (list: typeof has) =>
    list.length === 0
      ? 'of none'
      : list.map(({ role: name, admin }) => `${name}${admin ? ' with admin option' : ''}`).join(', ');
  const member = quoteIdent(there.name);
  return [
    difference({
      kind: 'role',
      object: `memberships of role ${there.name}`,
      source: words(wanted),
      clone: words(has),
      statements: [
        ...has.filter((one) => !known.has(key(one))).map((one) => `REVOKE ${quoteIdent(one.role)} FROM ${member}`),
        ...wanted
          .filter((one) => !own.has(key(one)))
          .map((one) => `GRANT ${quoteIdent(one.role)} TO ${member}${one.admin ? ' WITH ADMIN OPTION' : ''}`),
      ],
    }),
  ];
}

/** What is of the database as a whole. */
export function compareForm({ form: there }: DatabaseFacts, { form: here }: DatabaseFacts): Difference[] {
  const locale = ({ encoding, collate, ctype }: typeof there) => `${encoding}, ${collate}, ${ctype}`;
  const objects = ({ largeObjects }: typeof there) => `${largeObjects} of them`;
  return [
    ...(locale(there) === locale(here)
      ? []
      : [
          difference({
            kind: 'locale',
            object: 'encoding and locale',
            source: locale(there),
            clone: locale(here),
            survives: 'differs',
            consequence: 'texts are compared and sorted by other rules',
            statements: [],
            next: 'the locale of a database cannot be altered: it takes a new clone',
          }),
        ]),
    ...(there.largeObjectsDigest === here.largeObjectsDigest
      ? []
      : [
          difference({
            kind: 'large-objects',
            object: 'large objects',
            source: objects(there),
            clone: objects(here),
            consequence: 'large objects are never replicated, nor what is written into them',
            statements: [],
            next: '`sql-runner large-objects` copies them, and compares what is in them',
          }),
        ]),
  ];
}
