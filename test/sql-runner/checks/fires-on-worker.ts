import { judged, leaf, use, type Fires } from './provocations';
import { differing, pairOf } from './shape-provocations';

/** What stops an apply worker although both sides hold the same. */
export const FIRES_ON_WORKER: readonly Fires[] = [
  [
    'OWNER_LACKS_RIGHTS',
    'block',
    ({ target }) =>
      target.databases.shop!.lackingRights.push({
        ...leaf,
        owner: 'app',
        ownerLacks: ['INSERT'],
        loginLacks: ['TRUNCATE'],
      }),
    'GRANT INSERT ON "parts"."orders_1" TO "app"; GRANT TRUNCATE ON "parts"."orders_1" TO "master";',
  ],
  [
    'OWNER_LACKS_RIGHTS',
    'warn',
    ({ target }) =>
      target.databases.shop!.lackingRights.push(
        { ...leaf, owner: 'app', ownerLacks: [], loginLacks: ['TRUNCATE'] },
        { ...leaf, name: 'orders_2', owner: 'app', ownerLacks: [], loginLacks: ['TRUNCATE'] },
      ),
    'GRANT TRUNCATE ON "parts"."orders_1", "parts"."orders_2" TO "master";',
  ],
  [
    'OWNER_LACKS_RIGHTS',
    'block',
    ({ target }) => target.databases.shop!.deniedFunctions.push(use),
    'GRANT EXECUTE ON FUNCTION public.norm(text) TO "app";',
  ],
  [
    'FUNCTION_NEEDS_SEARCH_PATH',
    'block',
    ({ target }) =>
      target.databases.shop!.functions.push({ ...judged, trial: 'fails', error: 'no x()', uses: [use, use] }),
    'ALTER FUNCTION public.norm(text) SET search_path = "public", "pg_catalog";',
  ],
  [
    'FUNCTION_NEEDS_SEARCH_PATH',
    'warn',
    (world) => {
      const { target } = world;
      differing(pairOf({ schema: 'parts', name: 'orders_1' }, { schema: 'parts', name: 'orders_1' }))(world);
      target.databases.shop!.functions.push({ ...judged, trial: 'passes', uses: [{ ...use, kind: 'default' }] });
    },
    'ALTER FUNCTION public.norm(text) SET search_path = "public", "pg_catalog";',
  ],
  [
    'SETTING_HARMS_APPLY',
    'block',
    ({ target }) => target.databases.shop!.applySettings.push({ name: 'array_nulls', value: 'off', from: 'server' }),
    `ALTER ROLE "master" IN DATABASE "shop" SET array_nulls = 'on'; SELECT pg_terminate_backend(pid)`,
  ],
  [
    'SETTING_HARMS_APPLY',
    'warn',
    ({ target }) =>
      target.databases.shop!.applySettings.push({ name: 'temp_file_limit', value: '5MB', from: 'all roles' }),
    `as a role that may set it, in database shop on the clone: ALTER ROLE "master" IN DATABASE "shop" SET temp_file_limit = '-1';`,
  ],
  [
    'MONEY_FORMS_DIFFER',
    'block',
    ({ source, target }) => {
      source.databases.shop!.moneyColumns.push({ schema: 'public', name: 'orders', column: 'total' });
      source.databases.shop!.senderSettings.push({ name: 'lc_monetary', value: 'en_US.UTF-8', from: 'server' });
      target.databases.shop!.applySettings.push({ name: 'lc_monetary', value: 'de_DE.UTF-8', from: 'server' });
    },
    `in database shop on the clone: ALTER ROLE "master" IN DATABASE "shop" SET lc_monetary = 'en_US.UTF-8';`,
  ],
];
