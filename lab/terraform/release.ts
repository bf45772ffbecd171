import { arch } from 'node:os';

export interface Release {
  readonly version: string;
  /** SHA-256 of the unpacked binary, by platform. */
  readonly binaries: Readonly<Record<string, string>>;
}

/**
 * What is fetched where no terraform fits. The one platform that the lab is made
 * for needs no signature: the sum of its binary stands here. To pin a newer one,
 * change both, and look whether hashicorp.asc was in force when it was signed.
 */
export const PINNED: Release = {
  version: '1.11.4',
  binaries: { linux_amd64: '268000fca5c61021c6396893d9483007ba589ad9d0aaccbd7dfa8c78bf7dbe23' },
};

/** Terraform's name of this platform: `linux_amd64`. */
export function platform(): string {
  const architecture = { x64: 'amd64', ia32: '386' }[arch()] ?? arch();
  return `${process.platform}_${architecture}`;
}
