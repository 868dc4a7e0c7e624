import ipaddr from 'ipaddr.js';

/** Cloud metadata services that stand in otherwise ordinary or unlisted ranges. */
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200']);

/** Networks an operator opened on purpose, e.g. `10.0.0.0/8` for an orchestrator in the same cluster. */
export type AllowList = readonly string[];

const NAT64 = ipaddr.IPv6.parse('64:ff9b::');
const NAT64_BITS = 96;

/**
 * The address that counts: IPv4 in its own form where IPv6 carries it, as `::ffff:127.0.0.1` or through NAT64 (RFC 6052, the well-known prefix
 * 64:ff9b::/96), where the last four bytes are what is really dialled.
 */
function judged(address: string): ReturnType<typeof ipaddr.process> {
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6) || !parsed.match(NAT64, NAT64_BITS)) return parsed;
  return ipaddr.fromByteArray(parsed.toByteArray().slice(-4));
}

/** True when an address lies in one of the operator's networks. Throws RangeError for a network that is not in CIDR form. */
export function isAllowListed(address: string, allow: AllowList): boolean {
  const forms = [ipaddr.process(address), judged(address)];
  return allow
    .map(parseNetwork)
    .some(([network, bits]) =>
      forms.some((form) => form.kind() === network.kind() && form.match([network, bits])),
    );
}

/**
 * Whether a webhook may be sent to an address: only to public unicast, or where the operator said so. IPv4 inside IPv6
 * counts as IPv4. Anything that does not parse is refused.
 */
export function isAddressAllowed(address: string, allow: AllowList): boolean {
  if (!ipaddr.isValid(address)) return false;
  if (isAllowListed(address, allow)) return true;
  const parsed = judged(address);
  return parsed.range() === 'unicast' && !METADATA.has(parsed.toString());
}

function parseNetwork(cidr: string): ReturnType<typeof ipaddr.parseCIDR> {
  try {
    return ipaddr.parseCIDR(cidr);
  } catch {
    throw new RangeError(`"${cidr}" is not a network: write it as 10.0.0.0/8 or fd00::/8`);
  }
}
