import type { Breakage } from '../breakage';

/** Where a server is busy, each of several tries of a worker can fail before anybody sees it: it is told as stopped. */
const FAILING = {
  states: ['retrying', 'stopped'],
  causes: ['APPLY_WORKER_FAILING', 'APPLY_WORKER_STOPPED'],
} as const satisfies Partial<Breakage>;

/** Somebody has made the clone's rows, constraints or rights such that the worker cannot apply the next row. */
export const ROWS_OF_CLONE: readonly Breakage[] = [
  {
    ...FAILING,
    name: 'conflict',
    words: /a row of the same key stands there already/,
    breaks: async (world) => {
      await world.onClone(`INSERT INTO orders VALUES (4711, 'of the clone')`);
      await world.onSource(`INSERT INTO orders VALUES (4711, 'of production')`);
    },
  },
  {
    ...FAILING,
    name: 'conflict on another key',
    beside: ['UNIQUE_ONLY_ON_CLONE'],
    words: /constraint orders_note/,
    breaks: async (world) => {
      await world.onClone(`CREATE UNIQUE INDEX orders_note ON orders (note) WHERE id > ${world.id}`);
      await world.write(`'twice ${world.id}'`);
      await world.write(`'twice ${world.id - 1}'`);
    },
  },
  {
    ...FAILING,
    name: 'not null on the clone',
    beside: ['CONSTRAINT_ONLY_ON_CLONE'],
    words: /column amount/,
    breaks: async (world) => {
      await world.onClone('ALTER TABLE lines ALTER amount SET NOT NULL');
      await world.onSource(`INSERT INTO lines VALUES (${++world.id}, 1, NULL)`);
    },
  },
  {
    ...FAILING,
    name: 'check on the clone',
    beside: ['CONSTRAINT_ONLY_ON_CLONE'],
    words: /constraint small/,
    breaks: async (world) => {
      await world.onClone('ALTER TABLE lines ADD CONSTRAINT small CHECK (amount < 10) NOT VALID');
      await world.onSource(`INSERT INTO lines VALUES (${++world.id}, 1, 100)`);
    },
  },
  {
    ...FAILING,
    name: 'trigger that raises',
    beside: ['TRIGGERS_FIRE_ON_APPLY'],
    words: /not on my watch/,
    breaks: async (world) => {
      await world.onClone(
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not on my watch'; END $$`,
        'CREATE TRIGGER refuse BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()',
        'ALTER TABLE orders ENABLE ALWAYS TRIGGER refuse',
      );
      await world.write();
    },
    afterwards: (world) => world.onClone('DROP FUNCTION refuse CASCADE'),
  },
  {
    name: 'trigger that changes rows',
    states: ['streaming'],
    causes: ['TRIGGERS_FIRE_ON_APPLY'],
    words: /trigger .*quietly/,
    breaks: async (world) => {
      await world.onClone(
        'CREATE FUNCTION quietly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
        'CREATE TRIGGER quietly BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION quietly()',
        'ALTER TABLE orders ENABLE ALWAYS TRIGGER quietly',
      );
      await world.write();
    },
    afterwards: (world) => world.onClone('DROP FUNCTION quietly CASCADE'),
  },
  {
    ...FAILING,
    name: 'owner without the right',
    beside: ['OWNER_LACKS_RIGHTS'],
    words: /permission denied for table orders/,
    breaks: async (world) => {
      await world.onClone('REVOKE INSERT ON orders FROM CURRENT_USER');
      await world.write();
    },
  },
  {
    ...FAILING,
    name: 'row-level security',
    beside: ['ROW_SECURITY_STOPS_APPLY'],
    words: /row-level security/,
    breaks: async (world) => {
      await world.onClone(
        'ALTER TABLE orders ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE orders FORCE ROW LEVEL SECURITY',
      );
      await world.write();
    },
  },
  {
    name: 'lock on the clone',
    states: ['blocked'],
    causes: ['APPLY_WORKER_WAITS'],
    words: /it is held by process \d+/,
    restarted: false,
    breaks: async (world) => {
      const holder = await world.lab.clone('shop');
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE orders IN SHARE MODE');
      await world.write();
    },
  },
  {
    name: 'worker that hangs',
    states: ['cut off'],
    causes: ['APPLY_WORKER_SILENT'],
    restarted: false,
    breaks: async (world) => {
      process.kill(await world.workerPid(), 'SIGSTOP');
      await world.write();
    },
  },
];
