import { openLab, type Lab } from './lab';

/** Lets the seven days pass that an invitation of RAM and a request for a peering are open. */
export const expire = ({ name }: { name: string }): Promise<void> => end(name, 'expire');

/** As somebody of the clone's account does who does not know what is offered. */
export const decline = ({ name }: { name: string }): Promise<void> => end(name, 'decline');

async function end(name: string, how: 'expire' | 'decline'): Promise<void> {
  const ended = await endOffers(openLab(name), how);
  console.log(ended.length === 0 ? 'Nothing is offered that was not accepted.' : `Ended: ${ended.join(', ')}`);
}

/** @returns the shares and peerings that can be accepted no more */
export async function endOffers({ env }: Lab, how: 'expire' | 'decline' = 'expire'): Promise<string[]> {
  const response = await fetch(`${env.AWS_ENDPOINT_URL}/_lab/${how}`, { method: 'POST' });
  if (!response.ok) throw new Error(`the lab answered HTTP ${response.status}`);
  return (await response.json()) as string[];
}
