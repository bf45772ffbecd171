import { openLab } from '/work/main/lab/lab';
import { seedWorkload } from '/work/main/lab/workload/seed';
import { Client } from 'pg';
async function main() {
  const lab = await openLab({ name: 'lead' } as any);
  await seedWorkload(async (db: string) => { const c = new Client(await (lab as any).sourceConnection(db)); await c.connect(); return c; }, { rows: 50000 });
}
main();
