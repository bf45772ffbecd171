const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @returns what is wrong with an address for events; null: nothing */
export function wrongWebhook(address: string): string | null {
  if (!URL.canParse(address)) return 'is no URL';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'has a login in it: the signature tells the receiver who sends';
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return null;
  return 'is not https: whoever is on the way could read and change what is sent';
}
