import { CodedError } from '../domain/coded-error.js';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isAddressAllowed, isAllowListed, type AllowList } from './address-guard.js';

/** Why a connection was not made or was dropped before a byte of the request left. */
export class AddressRefused extends CodedError {
  override readonly name = 'AddressRefused';
  readonly code = 'address_refused';
}

export interface GuardOptions {
  readonly allow: AllowList;
  /** Ports of public addresses; addresses of the allow-list may have any. */
  readonly ports: readonly number[];
  readonly connectTimeoutMs: number;
  readonly lookup?: LookupFunction;
}

type Address = string | LookupAddress[];
type LookupCallback = (error: NodeJS.ErrnoException | null, address: Address, family?: number) => void;

/**
 * A connector that looks at the very address it dials, so that no name can change its mind between check and use: the literal
 * (which Node never looks up), every answer of DNS, and the peer of the open socket. Plain HTTP and unusual ports only to the allow-list.
 */
export function guardedConnector(options: GuardOptions): buildConnector.connector {
  const lookup = guardedLookup(options);
  const connect = buildConnector({ timeout: options.connectTimeoutMs, lookup });
  return (target, callback) => {
    const literal = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !isAddressAllowed(literal, options.allow)) {
      callback(new AddressRefused(`${literal} is not a public address and is not allow-listed`), null);
      return;
    }
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      const refusal = refusePeer(socket.remoteAddress, target, options);
      if (refusal === null) return callback(null, socket);
      socket.destroy();
      return callback(refusal, null);
    });
  };
}

/**
 * The same guard for an address that a proxy dials: what this machine can know is checked before the proxy is asked. A name that cannot be
 * resolved here is left to the proxy, over https and the usual ports only. Throws AddressRefused.
 */
export async function refuseProxied(url: URL, options: GuardOptions): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) === 0 ? await resolved(host, options) : [host];
  const target = { protocol: url.protocol, port: url.port };
  const refusals = addresses.map((address) => refusePeer(address, target, options));
  const refusal =
    addresses.length > 0 ? refusals.find((one) => one !== null) : refuseOpen(target, options.ports);
  if (refusal) throw refusal;
}

/** Every address of a name as this machine knows it; none when it knows none. */
async function resolved(
  host: string,
  { lookup = systemLookup as LookupFunction }: GuardOptions,
): Promise<readonly string[]> {
  return new Promise((resolve) =>
    lookup(host, { all: true }, (error, address: Address) => {
      if (error !== null) return resolve([]);
      return resolve(typeof address === 'string' ? [address] : address.map((answer) => answer.address));
    }),
  );
}

function refusePeer(
  address: string | undefined,
  target: { readonly protocol: string; readonly port?: string },
  { allow, ports }: GuardOptions,
): AddressRefused | null {
  if (address === undefined || !isAddressAllowed(address, allow)) {
    return new AddressRefused(
      `the peer ${address ?? 'without an address'} is not public and is not allow-listed`,
    );
  }
  if (isAllowListed(address, allow)) return null;
  return refuseOpen(target, ports);
}

/** What holds for addresses that are not on the allow-list. */
function refuseOpen(
  target: { readonly protocol: string; readonly port?: string },
  ports: readonly number[],
): AddressRefused | null {
  if (target.protocol !== 'https:')
    return new AddressRefused('plain http is only for allow-listed networks: use https');
  const port = target.port === undefined || target.port === '' ? 443 : Number(target.port);
  return ports.includes(port) ? null : new AddressRefused(`port ${port} is not one of ${ports.join(', ')}`);
}

/** DNS whose answer counts only when every address in it may be reached: one private address among public ones is an attack. */
function guardedLookup({ allow, lookup = systemLookup as LookupFunction }: GuardOptions): LookupFunction {
  return (hostname, options, callback: LookupCallback) =>
    lookup(hostname, options, (error, address: Address, family) => {
      if (error !== null) return callback(error, address, family);
      const addresses = typeof address === 'string' ? [address] : address.map((answer) => answer.address);
      const refused = addresses.find((candidate) => !isAddressAllowed(candidate, allow));
      if (refused === undefined) return callback(null, address, family);
      return callback(
        new AddressRefused(`${hostname} resolves to ${refused}, which is not public and is not allow-listed`),
        '',
        4,
      );
    });
}
