import type { SourceContract } from '../../../contract/contract';
import { quoteIdent, quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { conninfo } from './clone-pair';
import { startSurveyedCluster, type SurveyedCluster } from './surveyed-cluster';

/**
 * One server with both sides, of which database `shop` is followed.
 *
 * @param ddl runs on both
 * @param tables that are published, as SQL lists them
 */
export async function startFollowedCluster(
  contract: SourceContract,
  parameters: Readonly<Record<string, string>>,
  ddl: string,
  tables: string,
): Promise<SurveyedCluster> {
  const world = await startSurveyedCluster(contract, parameters);
  await world.source.query(ddl);
  await world.target.query(ddl);
  await world.admin.query(`ALTER ROLE acas_demo REPLICATION PASSWORD 'of replication'`);
  await world.admin.query('GRANT CONNECT ON DATABASE shop TO acas_demo');
  await world.source.query(`CREATE PUBLICATION acas_demo_shop FOR TABLE ${tables}`);
  await world.source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
  await subscribe(world, 'acas_demo_shop', 'acas_demo_shop');
  return world;
}

/** To a publication and slot of one name, as the product's role: it may replicate, and read no table. */
export async function subscribe(world: SurveyedCluster, name: string, from: string): Promise<void> {
  const dsn = conninfo(world.test, 'shop', { user: 'acas_demo', password: 'of replication' });
  await world.target.query(
    `CREATE SUBSCRIPTION ${quoteIdent(name)} CONNECTION ${quoteLiteral(dsn)}
       PUBLICATION ${quoteIdent(from)} WITH (create_slot = false, slot_name = ${quoteIdent(from)}, copy_data = false)`,
  );
}
