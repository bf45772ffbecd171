import type { Account, World } from './world';

/**
 * The Availability Zones of the lab's Region, as an account sees them. As in AWS
 * their names mean other zones in other accounts, so that what compares names
 * goes wrong here too.
 */
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Zone number of each letter in every account but the first, which has them in order. */
const SHUFFLED = [3, 1, 2, 4, 5, 6];
const STORAGE_COPIES = 3;

export function zonesOf(world: World, account: Account, region: string): { name: string; id: string }[] {
  const first = Object.keys(world.accounts)[0] === account.id;
  return LETTERS.map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortRegion(region)}-az${first ? index + 1 : SHUFFLED[index]}`,
  }));
}

/** The zone of a subnet that is there before Terraform: by the last digit of its id, so that an environment can choose. */
export function zoneOf(region: string, subnetId: string): string {
  return `${region}${LETTERS[parseInt(subnetId.slice(-1), 16) % LETTERS.length]}`;
}

/** Where the storage of every cluster is, by the names of the production account. */
export function storageZones(region: string): string[] {
  return LETTERS.slice(0, STORAGE_COPIES).map((letter) => `${region}${letter}`);
}

/** `eu-west-1` → `euw1`. */
function shortRegion(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return `${area}${direction[0] ?? ''}${number}`;
}
