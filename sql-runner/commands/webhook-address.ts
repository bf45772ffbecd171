const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Nobody on the way can read or change what is sent there. */
export const isProtected = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

/** @returns what is wrong with an address for events; null: nothing */
export function wrongWebhook(address: string): string | null {
  if (!URL.canParse(address)) return 'is no URL';
  const url = new URL(address);
  const { username, password } = url;
  if (username !== '' || password !== '') return 'has a login in it: the signature tells the receiver who sends';
  return isProtected(url) ? null : 'is not https: whoever is on the way could read and change what is sent';
}
