/** What an estimate of the stacks leaves out, or what one should know to read it, with the page that says so. */
export interface Note {
  readonly text: string;
  readonly look: string;
}

const GUIDE = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';

/** On the bill, and not made by the stacks. None of it is in the total. */
export const BESIDE: readonly Note[] = [
  {
    text: 'Production: storage for the WAL that the slots keep until the clone has confirmed it, without a limit unless onBudget is release.',
    look: `${GUIDE}/Aurora.Overview.StorageReliability.html`,
  },
  {
    text: 'Production: I/O requests of decoding that WAL, where its storage is Standard.',
    look: 'https://aws.amazon.com/rds/aurora/pricing/',
  },
  {
    text: 'Production: pages of its own for what it changes while the clone shares them.',
    look: `${GUIDE}/Aurora.Managing.Clone.html`,
  },
  {
    text: 'Either account: requests to KMS, Secrets Manager and CloudWatch of Terraform and sql-runner; of a key in another account, whoever asks pays.',
    look: 'https://aws.amazon.com/kms/pricing/',
  },
  {
    text: "The target account: the clone ticket, an SSM parameter of sql-runner's. Standard parameters cost nothing; another default tier may.",
    look: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-default-tier.html',
  },
  {
    text: 'The target account: what goes between the clone and its users across zones.',
    look: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  },
  {
    text: 'Either account: metrics that serve publishes and no alarm watches, and the machine that it runs on.',
    look: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  {
    text: 'Both clusters: Extended Support, once the major version is past its standard support.',
    look: 'https://aws.amazon.com/rds/aurora/pricing/',
  },
];

/** How a second month differs from the first. */
export const SECOND_MONTH: Note = {
  text: 'The first month is the cheapest: at first the clone shares all pages with production, and AWS allocates more storage only for pages that either of them changes. A second month starts with what the first one has changed.',
  look: `${GUIDE}/Aurora.Managing.Clone.html`,
};
