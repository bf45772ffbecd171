/**
 * The greeting between Terraform (go-plugin) and a provider process.
 * @see https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
 * @see https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md
 */
const MAGIC_COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const CORE_PROTOCOL_VERSION = 1;
const TERRAFORM_PROTOCOL_VERSION = 5;

/** Why this process cannot serve the one that started it; undefined when it can. */
export function refusal(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.TF_PLUGIN_MAGIC_COOKIE !== MAGIC_COOKIE) {
    return 'This is the Terraform provider of the lab. Terraform starts it; it does nothing when run by hand.';
  }
  if (environment.PLUGIN_CLIENT_CERT !== undefined && environment.PLUGIN_CLIENT_CERT !== '') {
    return (
      'The provider of the lab speaks to Terraform without TLS, and TF_DISABLE_PLUGIN_TLS=1 is not set. ' +
      'Load the environment of the lab first: eval "$(npm run -s lab -- env)"'
    );
  }
  return undefined;
}

/** The line on stdout that tells Terraform where to connect. */
export function handshakeLine(network: 'unix' | 'tcp', address: string): string {
  return `${CORE_PROTOCOL_VERSION}|${TERRAFORM_PROTOCOL_VERSION}|${network}|${address}|grpc|`;
}
