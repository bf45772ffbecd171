import { committed, only, synthesize } from './synthesized';

const demo = synthesize(committed('demo')).target;
const example = synthesize(committed('example')).target;
const NONCE = 'terraform_data.clone_ticket_nonce';

test('the clone is a copy-on-write restore from the full ARN', () => {
  const clone = only(demo, 'aws_rds_cluster');
  expect(clone).toMatchObject({
    cluster_identifier: 'demo-clone',
    restore_to_point_in_time: {
      source_cluster_identifier: '${data.terraform_remote_state.source.outputs.contract.cluster.arn}',
      restore_type: 'copy-on-write',
      use_latest_restorable_time: true,
    },
    manage_master_user_password: true,
    skip_final_snapshot: true,
  });
  // These force a replacement at every difference to what the restore brings along.
  for (const attribute of ['engine_version', 'master_username', 'availability_zones'])
    expect(clone).not.toHaveProperty(attribute);
});

test('without a ticket there is no clone; one that is there is refused with the command to run', () => {
  const wanted = demo.locals['clone_ticket_wanted'];
  expect(wanted).toContain(
    'contains(data.aws_ssm_parameters_by_path.clone_ticket_parameters.names, "/aurora-cross-account-sync/demo/clone-ticket")',
  );
  expect(wanted).toContain(`one.db_subnet_group_name == "${String(only(demo, 'aws_db_subnet_group')['name'])}"`);
  for (const type of ['aws_rds_cluster', 'aws_rds_cluster_instance', 'aws_vpc_security_group_ingress_rule'])
    expect(only(demo, type)['count']).toBe('${local.clone_ticket_wanted ? 1 : 0}');
  const { precondition } = only(demo, 'aws_rds_cluster')['lifecycle'] as {
    precondition: { condition: string; error_message: string }[];
  };
  expect(precondition[0]?.condition).toContain(
    'contains(data.aws_ssm_parameters_by_path.clone_ticket_parameters.names, "/aurora-cross-account-sync/demo/clone-ticket")',
  );
  expect(precondition[0]?.error_message).toMatch(/^No clone ticket for environment demo\. Run: sql-runner apply demo/);
  expect(precondition[1]?.error_message).toMatch(/does not hold a clone ticket of environment demo/);
});

test('a new ticket replaces the clone and its instances, old ones first', () => {
  const cluster = only(demo, 'aws_rds_cluster');
  const instance = only(demo, 'aws_rds_cluster_instance');
  for (const { lifecycle } of [cluster, instance] as { lifecycle: Record<string, unknown> }[]) {
    expect(lifecycle['replace_triggered_by']).toEqual([NONCE]);
    expect(lifecycle).not.toHaveProperty('create_before_destroy');
  }
  expect(instance['cluster_identifier']).toBe('${aws_rds_cluster.clone_cluster[0].id}');
  const nonce = demo.resource['terraform_data']?.['clone_ticket_nonce'];
  expect(nonce).toMatchObject({ triggers_replace: nonce?.['input'] });
  expect(demo.output['contract']?.value).toMatchObject({ ticketNonce: `\${${NONCE}.output}` });
});

test('a clone is not made anew under the ticket that it was made under, and the key counts where it is stated', () => {
  const made = (json: typeof demo) =>
    json.resource['terraform_data']!['clone_made']!['lifecycle'] as {
      replace_triggered_by: string[];
      ignore_changes: string[];
      postcondition: { condition: string; error_message: string }[];
    };
  const { replace_triggered_by, ignore_changes, postcondition } = made(demo);
  expect({ replace_triggered_by, ignore_changes }).toEqual({
    replace_triggered_by: [NONCE],
    ignore_changes: ['input'],
  });
  expect(postcondition[0]!.condition).not.toContain('self.output.key');
  expect(postcondition[0]!.error_message).toMatch(
    /was used by clone .*run: sql-runner reset demo, .* deploy demo-target,/,
  );
  expect(made(example).postcondition[0]!.condition).toContain('self.output.key == "arn:aws:kms:');
});

test('where the ticket is another one than the clone has in its tag, the share for the next clone is looked up', () => {
  const tag = only(demo, 'aws_rds_cluster')['tags'] as Record<string, string>;
  expect(tag).toEqual({ CloneTicket: '${try(local.clone_ticket_ticket.nonce, "")}' });
  expect(demo.data['aws_ram_resource_share']?.['share_for_the_next_clone']).toMatchObject({
    count: '${local.clone_ticket_gives_way ? 1 : 0}',
    name: 'acas-demo-cluster',
    resource_owner: 'OTHER-ACCOUNTS',
  });
  expect(demo.locals['clone_ticket_gives_way']).toContain('one.tags["CloneTicket"] != local.clone_ticket_ticket.nonce');
});

test('the mode of sharing stays as it was when the clone was taken, and an accepted share is forgotten, not left', () => {
  const { input, count, lifecycle } = demo.resource['terraform_data']!['sharing_mode']!;
  expect({ input, count }).toEqual({ input: 'invitation', count: '${local.clone_ticket_wanted ? 1 : 0}' });
  expect(lifecycle).toMatchObject({
    ignore_changes: ['input'],
    postcondition: [{ condition: '${self.output == "invitation"}' }],
  });
  const removed = (json: typeof demo) => (json as { removed?: readonly object[] }).removed;
  expect(removed(example)).toContainEqual({
    from: 'aws_ram_resource_share_accepter.cluster_share',
    lifecycle: { destroy: false },
  });
  expect(removed(demo)).toBeUndefined();
});

test('the ticket is read at plan time: nothing that it depends on is made by this stack', () => {
  const { '//': _metadata, ...parameters } = demo.data['aws_ssm_parameters_by_path']?.['clone_ticket_parameters'] ?? {};
  expect(parameters).toEqual({ path: '/aurora-cross-account-sync/demo' });
  expect(demo.locals['clone_ticket_ticket']).toContain('nonsensitive(');
});

test('the share is accepted before the clone where there is an invitation, and only there', () => {
  expect(only(demo, 'aws_rds_cluster')['depends_on']).toEqual(['aws_ram_resource_share_accepter.cluster_share']);
  expect(only(demo, 'aws_ram_resource_share_accepter')).toMatchObject({
    share_arn: '${data.terraform_remote_state.source.outputs.resource_share_arn}',
  });
  expect(example.resource).not.toHaveProperty('aws_ram_resource_share_accepter');
  expect(only(example, 'aws_rds_cluster')['depends_on']).toEqual([]);
});

test('an encrypted source gives an encrypted clone', () => {
  expect(only(demo, 'aws_rds_cluster')).not.toHaveProperty('storage_encrypted');
  expect(only(example, 'aws_rds_cluster')).toMatchObject({
    storage_encrypted: true,
    kms_key_id: expect.stringContaining(':210987654321:key/'),
  });
  const environment = committed('example');
  const shared = synthesize({ ...environment, kms: { sourceKeyArn: environment.kms.sourceKeyArn } }).target;
  expect(only(shared, 'aws_rds_cluster')).toMatchObject({
    storage_encrypted: true,
    kms_key_id: environment.kms.sourceKeyArn,
  });
});

test('the clone may reach the database port of the source and nothing else, and is reached by whom the file names', () => {
  const port = '${data.terraform_remote_state.source.outputs.contract.cluster.port}';
  expect(only(demo, 'aws_vpc_security_group_egress_rule')).toMatchObject({
    cidr_ipv4: '10.10.0.0/16',
    from_port: port,
    to_port: port,
    ip_protocol: 'tcp',
  });
  expect(only(demo, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
    cidr_ipv4: '10.20.0.0/16',
    from_port: '${aws_rds_cluster.clone_cluster[0].port}',
    to_port: '${aws_rds_cluster.clone_cluster[0].port}',
    ip_protocol: 'tcp',
  });
  expect(only(example, 'aws_rds_cluster')['vpc_security_group_ids']).toEqual([
    '${aws_security_group.clone_network_group.id}',
    'sg-0fedcba9876543210',
  ]);
  expect(only(demo, 'aws_route')).toMatchObject({
    destination_cidr_block: '10.10.0.0/16',
    vpc_peering_connection_id: '${aws_vpc_peering_connection_accepter.peering.id}',
  });
});

test('instances are numbered, Serverless capacity is passed on, and the contract waits for them', () => {
  expect(Object.values(example.resource['aws_rds_cluster_instance'] ?? {}).map(({ identifier }) => identifier)).toEqual(
    ['shop-analytics-1', 'shop-analytics-2'],
  );
  expect(only(example, 'aws_rds_cluster')['serverlessv2_scaling_configuration']).toEqual({
    min_capacity: 1,
    max_capacity: 16,
  });
  expect(example.output['contract']?.depends_on).toEqual([
    'aws_rds_cluster_instance.clone_instance_1',
    'aws_rds_cluster_instance.clone_instance_2',
  ]);
});
