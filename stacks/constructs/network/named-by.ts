/**
 * Id of a thing that there is for each address block: that of the VPC's first block is called as if it were the only one,
 * so that a second one renames nothing.
 */
export function namedBy(id: string, cidr: string, first: string | undefined): string {
  return cidr === first ? id : `${id}-${dashed(cidr)}`;
}

export const dashed = (cidr: string): string => cidr.replace(/[./]/g, '-');
