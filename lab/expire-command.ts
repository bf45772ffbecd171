import { openLab, type Lab } from './lab';

/** Lets the seven days pass that an invitation of RAM and a request for a peering are open. */
export async function expire({ name }: { name: string }): Promise<void> {
  const lab = openLab(name);
  const ended = await endOffers(lab);
  console.log(ended.length === 0 ? 'Nothing is offered that was not accepted.' : `Ended: ${ended.join(', ')}`);
}

/** @returns the shares and peerings that can be accepted no more */
export async function endOffers({ env }: Lab): Promise<string[]> {
  const response = await fetch(`${env.AWS_ENDPOINT_URL}/_lab/expire`, { method: 'POST' });
  if (!response.ok) throw new Error(`the lab answered HTTP ${response.status}`);
  return (await response.json()) as string[];
}
