import { awsCommand } from './aws-command';

/**
 * Stands in for the program `aws` with a lab: `aws --profile production rds reboot-db-instance …`. Which account a profile
 * is in, AWS_PROFILES says, as JSON.
 */
async function main(): Promise<void> {
  const [option, profile = '', ...words] = process.argv.slice(2);
  const accounts = JSON.parse(process.env.AWS_PROFILES ?? '{}') as Record<string, string>;
  if (option !== '--profile' || accounts[profile] === undefined) throw new Error(`no profile ${profile}`);
  const { $metadata: _, ...answer } = (await awsCommand(words, {
    region: process.env.AWS_REGION,
    endpoint: process.env.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: `LAB${accounts[profile]}`, secretAccessKey: 'lab' },
  })) as Record<string, unknown>;
  // A waiter of the program prints nothing.
  if (words[1] !== 'wait') console.log(JSON.stringify(answer, null, 4));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
