import { OperatorError } from '../../errors/operator-error';

const INSTALL = 'install Terraform 1.10 or later from https://developer.hashicorp.com/terraform/install.';
const OTHER_WAYS = `A mirror of the releases can be named in TERRAFORM_RELEASES_URL; or ${INSTALL}`;
const NOT_RELEASED = 'It is not what HashiCorp released, so it is neither kept nor run.';
const WHO_ANSWERS = `Look who answers for the server: a proxy's or a mirror's own page, or a damaged copy. ${OTHER_WAYS}`;

/** @param proxy its host, if there is one */
export function fetchFailed(url: URL, proxy: string | undefined, reason: string, cause: Error): OperatorError {
  const by = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  return new OperatorError({
    code: 'TERRAFORM_FETCH_FAILED',
    seen: `${url.href} cannot be fetched${by}: ${reason}`,
    why: 'Without a fitting terraform, there is nothing to apply the stacks with.',
    next:
      proxy === undefined
        ? `Look at the network; behind a proxy, set HTTPS_PROXY. ${OTHER_WAYS}`
        : `Look at the proxy, which HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names. ${OTHER_WAYS}`,
    cause,
  });
}

export function noServer(address: string): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_RELEASES_URL',
    seen: `TERRAFORM_RELEASES_URL is "${address}", which is no address of a web server`,
    why: 'Terraform is fetched from there.',
    next: 'Set it to the part before /terraform/, as in https://releases.hashicorp.com, or unset it.',
  });
}

export function wrongSum(file: string, actual: string, expected: string): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_CHECKSUM',
    seen: `${file} has the SHA-256 ${actual}; ${expected} is expected`,
    why: NOT_RELEASED,
    next: WHO_ANSWERS,
  });
}

export function noZip(file: string, reason: string): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_NOT_UNPACKED',
    seen: `${file} cannot be unpacked: ${reason}`,
    why: NOT_RELEASED,
    next: WHO_ANSWERS,
  });
}

export function notSigned(cause: Error): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_SIGNATURE',
    seen: `the sums of the release are not signed by HashiCorp's key: ${cause.message}`,
    why: 'Nothing else tells whether what is fetched is what HashiCorp released.',
    next: WHO_ANSWERS,
    cause,
  });
}

export function notReleased(file: string): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_PLATFORM',
    seen: `the signed sums of the release name no ${file}`,
    why: 'There is no terraform to fetch for this kind of machine.',
    next: 'Run it on another machine, or name a terraform of your own in TERRAFORM_BINARY_NAME.',
  });
}

export function notKept(cause: Error): OperatorError {
  return new OperatorError({
    code: 'TERRAFORM_NOT_KEPT',
    seen: `Terraform was fetched but cannot be written: ${cause.message}`,
    why: 'Without a fitting terraform, there is nothing to apply the stacks with.',
    next: `Make room, or that folder writable; or ${INSTALL}`,
    cause,
  });
}
