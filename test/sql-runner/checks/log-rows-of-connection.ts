import { LOGIN, END_WORKER, type LogRow } from '../support/logged-pair';

/** What keeps a worker from the source, or from what it reads there. */
export const ROWS_OF_CONNECTION: readonly LogRow[] = [
  {
    kind: 'terminated',
    what: 'by somebody',
    bringAbout: (pair) => pair.onClone(END_WORKER),
    told: {},
    heal: () => Promise.resolve(),
  },
  {
    kind: 'login refused',
    what: 'another password',
    bringAbout: (pair) => pair.admin.query(`ALTER ROLE acas_demo PASSWORD 'another'`).then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.admin.query(`ALTER ROLE acas_demo PASSWORD '${LOGIN.password}'`),
  },
  {
    kind: 'role refused',
    what: 'NOLOGIN',
    bringAbout: (pair) => pair.admin.query('ALTER ROLE acas_demo NOLOGIN').then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.admin.query('ALTER ROLE acas_demo LOGIN'),
  },
  {
    kind: 'role refused',
    what: 'NOREPLICATION',
    bringAbout: (pair) => pair.admin.query('ALTER ROLE acas_demo NOREPLICATION').then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.admin.query('ALTER ROLE acas_demo REPLICATION'),
  },
  {
    kind: 'role refused',
    what: 'no CONNECT',
    bringAbout: (pair) => pair.admin.query('REVOKE CONNECT ON DATABASE shop FROM PUBLIC').then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.admin.query('GRANT CONNECT ON DATABASE shop TO PUBLIC'),
  },
  {
    kind: 'not let in',
    what: 'no entry',
    bringAbout: (pair) =>
      pair
        .rewriteHba((text) => text.replace('hostssl all         all 127', 'hostssl all         master,rdsadmin 127'))
        .then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.rewriteHba((text) => text.replace('master,rdsadmin 127', 'all 127')),
  },
  {
    kind: 'not let in',
    what: 'an entry that rejects',
    bringAbout: (pair) =>
      pair.rewriteHba((text) => `host all acas_demo all reject\n${text}`).then(() => pair.reconnect()),
    told: {},
    heal: (pair) => pair.rewriteHba((text) => text.replace('host all acas_demo all reject\n', '')),
  },
  {
    kind: 'authority unread',
    what: 'no such file',
    bringAbout: (pair) => pair.connection({ sslrootcert: '/nowhere/ca.pem' }),
    told: {},
    heal: (pair) => pair.connection({}),
  },
  {
    kind: 'certificate refused',
    what: 'of an authority that is not trusted',
    bringAbout: (pair) => pair.connection({ sslrootcert: 'server.crt' }),
    told: {},
    heal: (pair) => pair.connection({}),
  },
  {
    kind: 'host unknown',
    what: 'a name that nobody has',
    bringAbout: (pair) => pair.connection({ host: 'nowhere.invalid' }),
    told: {},
    heal: (pair) => pair.connection({}),
  },
  {
    kind: 'not reached',
    what: 'a port where nobody listens',
    bringAbout: (pair) => pair.connection({ port: '1' }),
    told: {},
    heal: (pair) => pair.connection({}),
  },
  {
    kind: 'database missing',
    what: 'no such database',
    bringAbout: (pair) => pair.connection({ dbname: 'none' }),
    told: {},
    heal: (pair) => pair.connection({}),
  },
  {
    kind: 'slot gone',
    what: 'another slot',
    bringAbout: (pair) => pair.onClone(`ALTER SUBSCRIPTION acas_demo_shop SET (slot_name = 'nowhere')`),
    told: {},
    heal: (pair) => pair.onClone(`ALTER SUBSCRIPTION acas_demo_shop SET (slot_name = 'acas_demo_shop')`),
  },
  {
    kind: 'slot in use',
    what: 'by somebody else',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER SUBSCRIPTION acas_demo_shop DISABLE');
      await pair.takeSlot();
      await pair.onClone('ALTER SUBSCRIPTION acas_demo_shop ENABLE');
    },
    told: { holder: expect.any(Number) as number },
    heal: (pair) =>
      pair.admin
        .query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active')
        .then(() => pair.giveSlot()),
  },
  {
    kind: 'publication gone',
    what: 'another publication',
    bringAbout: async (pair) => {
      await pair.onClone(`ALTER SUBSCRIPTION acas_demo_shop SET PUBLICATION none WITH (refresh = false)`);
      await pair.write();
    },
    told: {},
    heal: (pair) =>
      pair.onClone(`ALTER SUBSCRIPTION acas_demo_shop SET PUBLICATION acas_demo_shop WITH (refresh = false)`),
  },
];
