import type { Side, SourceContract } from '../../contract/contract';
import { covers } from '../../contract/cidr-cover';
import { hopOf, OWNER_HCL_OUTPUT, targetCidrs, type Maker } from '../../contract/production';
import { seenOf, type IngressRule } from '../model/surroundings';
import type { Found, ProductionCheck } from './check';
import { strayedTables, type Strayed } from './production-routes';

/** What a stream stands on in the network of production. Security groups add up: one that lets the clone in suffices. */
const letIn: ProductionCheck = {
  code: 'CLONE_NOT_LET_IN',
  stops: ['slot', 'ticket', 'connect'],
  holds: "production's security groups let the clone's VPC in",
  side: 'production',
  run: ({ production, rules }, { contract, connected }) => {
    const seen = seenOf(rules);
    if (seen === null) return null;
    const shutOut = new Set<string>();
    const closed = production.securityGroupIds.filter((id) => {
      const cidrs = targetCidrs(production).filter((cidr) => !letsIn(contract, cidr, id, seen));
      for (const cidr of cidrs) shutOut.add(cidr);
      return cidrs.length > 0;
    });
    if (closed.length === 0) return [];
    const unjudged = seen.some(
      (rule) => rule.cidr === null && closed.includes(rule.group) && isForPort(contract, rule),
    );
    const isOpen = closed.length < production.securityGroupIds.length || unjudged;
    const to = `security group ${closed.join(', ')} has no rule for ${[...shutOut].join(', ')} on port ${contract.cluster.port}`;
    return [
      {
        severity: isOpen ? 'warn' : 'block',
        seen: unjudged ? `${to}; whom its rules by group, prefix list or IPv6 let in is not known` : to,
        why: isOpen
          ? 'the clone gets in by another rule, if at all; where it was removed, the next one may be'
          : refusedNext(connected),
        next: again(contract, production.manage.securityGroupRules, 'rule again', 'ingress blocks'),
      },
    ];
  },
};

function letsIn(contract: SourceContract, cidr: string, id: string, rules: readonly IngressRule[]): boolean {
  const own = rules.filter((rule) => rule.group === id && isForPort(contract, rule));
  return covers(
    own.flatMap((rule) => rule.cidr ?? []),
    cidr,
  );
}

function isForPort({ cluster: { port } }: SourceContract, { protocol, fromPort, toPort }: IngressRule): boolean {
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return fromPort === -1 || (fromPort <= port && port <= toPort);
}

/** Security groups let an open connection be when a rule goes (EC2 user guide, "Connection tracking"). */
const refusedNext = (connected: boolean): string =>
  connected
    ? 'a connection that is open goes on, and the next one of the clone is refused: its slots then keep WAL on production'
    : 'the clone could not connect, and its slots would keep WAL on production';

const routed: ProductionCheck = {
  code: 'CLONE_NOT_ROUTED',
  stops: ['slot', 'ticket', 'connect'],
  holds: "production's route tables lead to the clone's VPC",
  side: 'production',
  run: ({ production, routes }, { contract, connected }) => {
    const seen = seenOf(routes);
    if (seen === null) return null;
    const hop = hopOf(production);
    const ways = { tables: production.routeTableIds, cidrs: targetCidrs(production), hop, connected };
    return bySeverity(strayedTables(ways, seen), (severity, words) => ({
      severity,
      seen: words,
      why: 'what production answers does not reach the clone from subnets with this table: its slots keep WAL on production meanwhile',
      next:
        hop === null
          ? byNetwork('source')
          : again(contract, production.manage.routes, routeTo(contract, hop), 'route blocks'),
    }));
  },
};

/** Of a way that neither stack makes: before anything waits for it, and as long as something goes over it. */
const routedBack: ProductionCheck = {
  code: 'PRODUCTION_NOT_ROUTED',
  stops: ['slot', 'ticket', 'connect'],
  holds: "the clone's route tables lead to production, where no stack makes the routes",
  side: 'production',
  concerns: ({ production }) => production.wayBack !== undefined,
  run: ({ production: { wayBack }, routesBack }, { connected }) => {
    const seen = routesBack === null ? null : seenOf(routesBack);
    if (wayBack === undefined || seen === null) return null;
    const { routeTableIds: tables, cidrs } = wayBack;
    return bySeverity(strayedTables({ tables, cidrs, hop: null, connected }, seen), (severity, words) => ({
      severity,
      seen: words,
      why: 'the clone does not reach production from subnets with this table: its slots would keep WAL there',
      next: byNetwork('target'),
    }));
  },
};

/** One finding for all that is of one severity. */
function bySeverity(
  strayed: readonly Strayed[],
  finding: (severity: Strayed['severity'], words: string) => Found,
): Found[] {
  return (['block', 'warn'] as const).flatMap((severity) => {
    const tables = strayed.filter((one) => one.severity === severity);
    return tables.length === 0 ? [] : [finding(severity, tables.map(({ words }) => words).join('; '))];
  });
}

function byNetwork(side: Side): string {
  return `whoever has the network adds the route, or ${side}.network.routeTableIds names the tables that the subnets use (docs/networks.md)`;
}

/** A peering that is gone takes no route: the stack that had asked for it asks anew. */
const routeTo = ({ stacks }: SourceContract, hop: string): string =>
  hop.startsWith('pcx-')
    ? `route again, and the peering, where that is its own and gone: cdktf deploy ${stacks.target} then accepts it`
    : 'route again';

/**
 * How it comes back, and stays.
 * @param inline what removes it at each apply, where its owner's Terraform has such blocks
 */
function again({ cluster, stacks }: SourceContract, maker: Maker, what: string, inline: string): string {
  return maker === 'owner'
    ? `the owner of ${cluster.identifier} applies what this prints, which is for their own Terraform: terraform -chdir=cdktf.out/stacks/${stacks.source} output -raw ${OWNER_HCL_OUTPUT}`
    : `cdktf deploy ${stacks.source} makes the ${what}; where its owner's Terraform has ${inline}, which remove it at each apply, it has to stand there (docs/owner-terraform.md)`;
}

export const productionNetworkChecks = [letIn, routed, routedBack];
