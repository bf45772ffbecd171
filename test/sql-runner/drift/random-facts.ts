import type { BothSides, DatabaseFacts, TableFacts } from '../../../sql-runner/drift/facts';
import type { Grant } from '../../../sql-runner/postgres/catalog/table-definitions';
import type { Spec, TableSpec } from './random-spec';

const OWN: readonly Grant[] = [{ grantee: '', privilege: 'SELECT', grantable: false }];
const owned = { owner: 'ann', rights: OWN, comment: null };

export function factsOf(of: Spec): DatabaseFacts {
  const oid = oids();
  const labels = of.labels.map((label) => ({ oid: oid(`label ${label}`), label }));
  return {
    form: { encoding: 'UTF8', collate: 'C', ctype: 'C', largeObjects: 0, largeObjectsDigest: null },
    schemas: of.schemas.map((schema) => ({ name: schema, ...owned })),
    extensions: of.extensions.map((one) => ({ ...one, schema: 'public' })),
    collations: [],
    types: [
      {
        ...{ oid: oid('mood'), arrays: [], schema: 'public', name: 'mood', kind: 'e', uses: [], labels },
        ...{ base: null, notNull: false, checks: [], attributes: [] },
        part: { oid: oid('mood'), ...owned, default: null, collation: null },
      },
    ],
    functions: of.functions.map((one) => ({
      ...{
        oid: oid(`function ${one.name}`),
        schema: 'public',
        name: one.name,
        identity: `public.${JSON.stringify(one.name)}()`,
      },
      ...{
        word: 'FUNCTION',
        definition: `CREATE OR REPLACE FUNCTION ${one.body}`,
        signature: ' RETURNS int',
        ...owned,
        usedIn: [],
      },
    })),
    tables: of.tables.map((one) => tableFacts(one, oid)),
    views: of.views.map((one) => ({
      relation: { ...relation(oid(`view ${one.name}`), one.name, 'v'), ...owned },
      view: {
        oid: oid(`view ${one.name}`),
        definition: one.query,
        columns: [one.query.slice(-1)],
        indexes: [],
        usedBy: [],
      },
    })),
    roles: of.roles.map((role) => ({ name: role, attributes: ['LOGIN'], privileged: [], memberOf: [] })),
  };
}

/** The same for the same words: a clone keeps them. */
function oids(): (words: string) => number {
  const known = new Map<string, number>();
  return (words) => {
    const hash = [...words].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) + 20_000;
    known.set(words, hash);
    return hash;
  };
}

const relation = (oid: number, relname: string, kind: string) => ({
  ...{ oid, schema: 'public', name: relname, kind, persistence: 'p', options: [], populated: true },
});

function tableFacts(one: TableSpec, oidOf: (words: string) => number): TableFacts {
  const oid = oidOf(`table ${one.name}`);
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const [first] = one.columns;
  const keyed = one.keyed && first !== undefined;
  const key = keyed ? [{ name: `${one.name}_pkey`, kind: 'p', definition: `PRIMARY KEY (${quoted(first.name)})` }] : [];
  const index = (text: string, isUnique: boolean) =>
    `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${quoted(text)} ON public.t USING btree (lower(${quoted(text)}))`;
  const rights: Grant[] = [
    ...OWN,
    ...one.readers.map((grantee) => ({ grantee, privilege: 'SELECT', grantable: false })),
  ];
  const checks = one.checks.map((text) => ({ name: `c_${text}`, definition: `CHECK ((${quoted(text)} > 0))` }));
  const unique = one.unique.map((text) => ({
    ...{
      schema: 'public',
      name: `u_${text}`,
      constraint: null,
      primary: false,
      exclusion: false,
      ready: true,
      valid: true,
    },
    ...{
      immediate: true,
      replicaIdentity: false,
      columns: null,
      refuses: text,
      definition: index(text, true),
      inherited: false,
      referencedBy: [],
    },
  }));
  const primary = keyed
    ? [
        {
          ...{
            schema: 'public',
            name: `${one.name}_pkey`,
            constraint: `${one.name}_pkey`,
            primary: true,
            exclusion: false,
            ready: true,
          },
          ...{ valid: true, immediate: true, replicaIdentity: false, columns: [first.name], refuses: first.name },
          ...{ definition: 'CREATE UNIQUE INDEX k ON public.t USING btree (x)', inherited: false, referencedBy: [] },
        },
      ]
    : [];
  const identity = one.full ? 'f' : 'd';
  return {
    relation: {
      ...relation(oid, one.name, 'r'),
      persistence: one.persistence,
      owner: one.owner,
      rights,
      comment: null,
      options: one.options,
    },
    parent: null,
    bound: null,
    inherits: [],
    types: [],
    opened: {
      shape: {
        ...{ oid, schema: 'public', name: one.name, file: oid, identity, dropped: [] },
        columns: one.columns.map(({ name: column_, type, notNull, expression, missing }, at) => ({
          ...{ number: at + 1, name: column_, type, collation: null, notNull: notNull || (keyed && at === 0) },
          ...{ identity: '', generated: '', expression, missing, cameWithClone: true },
        })),
        indexes: [...primary, ...unique],
        checks: checks.map((check) => ({ ...check, inherited: false })),
      },
      defined: {
        ...{
          oid,
          schema: 'public',
          name: one.name,
          owner: one.owner,
          schemaOwner: 'ann',
          schemaGrants: null,
          accessMethod: 'heap',
        },
        ...{
          options: one.options,
          typed: false,
          partitionKey: null,
          inherits: false,
          rowSecurity: false,
          identity,
          identityIndex: null,
          comment: null,
          grants: rights,
        },
        columns: one.columns.map(({ name: column_, type, notNull, expression, storage, comment }) => ({
          ...{
            name: column_,
            type,
            collation: null,
            notNull: notNull ? { constraint: null } : null,
            generated: '',
            expression,
          },
          ...{ storage, compression: null, statistics: null, options: [], comment, grants: [] },
        })),
        ...{ constraints: [], indexes: [], sequences: [] },
      },
      parts: {
        oid,
        partitionKey: null,
        storage: Object.fromEntries(one.columns.map(({ name: own, storage }) => [own, storage ?? 'EXTENDED'])),
        constraints: [...key, ...checks.map((check) => ({ ...check, kind: 'c' }))].map((rule) => ({
          ...rule,
          validated: true,
          inherited: false,
        })),
        indexes: [
          ...one.indexes.map((text) => ({ name: `i_${text}`, definition: index(text, false), unique: false })),
          ...one.unique.map((text) => ({ name: `u_${text}`, definition: index(text, true), unique: true })),
        ].map((rule) => ({ ...rule, valid: true, constraint: null, inherited: false })),
      },
    },
  };
}

export const bothOf = (source: Spec, clone: Spec, replicated: boolean): BothSides => ({
  database: 'shop',
  source: factsOf(source),
  clone: factsOf(clone),
  isReplicated: () => replicated,
});
