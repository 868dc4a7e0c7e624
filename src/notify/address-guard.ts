import ipaddr from 'ipaddr.js';

/** Cloud metadata services that stand in otherwise ordinary or unlisted ranges. */
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200']);

/** Networks an operator opened on purpose, e.g. `10.0.0.0/8` for an orchestrator in the same cluster. */
export type AllowList = readonly string[];

/** True when an address lies in one of the operator's networks. Throws RangeError for a network that is not in CIDR form. */
export function isAllowListed(address: string, allow: AllowList): boolean {
  const parsed = ipaddr.process(address);
  return allow
    .map(parseNetwork)
    .some(([network, bits]) => parsed.kind() === network.kind() && parsed.match([network, bits]));
}

/**
 * Whether a webhook may be sent to an address: only to public unicast, or where the operator said so. IPv4 inside IPv6
 * (`::ffff:127.0.0.1`) counts as IPv4. Anything that does not parse is refused.
 */
export function isAddressAllowed(address: string, allow: AllowList): boolean {
  if (!ipaddr.isValid(address)) return false;
  if (isAllowListed(address, allow)) return true;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && !METADATA.has(parsed.toString());
}

function parseNetwork(cidr: string): ReturnType<typeof ipaddr.parseCIDR> {
  try {
    return ipaddr.parseCIDR(cidr);
  } catch {
    throw new RangeError(`"${cidr}" is not a network: write it as 10.0.0.0/8 or fd00::/8`);
  }
}
