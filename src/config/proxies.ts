import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Config } from './config.js';

/** The way out: a proxy for each scheme, and what is reached without. */
export interface Proxies {
  readonly https: string | null;
  readonly http: string | null;
  /** `host`, `.domain`, `host:port`, address or network, separated by commas; `*` for everything. */
  readonly none: string;
}

export function proxiesOf({ HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: none }: Config): Proxies {
  return { https: https ?? null, http: http ?? null, none: none ?? '' };
}

/** The same straight from the environment, for what is not given a configuration. */
export function environmentProxies(environment: NodeJS.ProcessEnv = process.env): Proxies {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()] || null;
  const proxy = (name: string) => z.url().safeParse(read(name)).data ?? null;
  return { https: proxy('HTTPS_PROXY'), http: proxy('HTTP_PROXY'), none: read('NO_PROXY') ?? '' };
}

/** The proxy that leads to an address, or null when it is reached directly. This machine itself is never behind a proxy. */
export function proxyFor(url: URL, { https, http, none }: Proxies): string | null {
  const proxy = url.protocol === 'https:' ? https : http;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (proxy === null || isThisMachine(host)) return null;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return none.split(/[\s,]+/).some((entry) => entry !== '' && isExempt(entry.toLowerCase(), host, port))
    ? null
    : proxy;
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (ipaddr.isValidCIDR(entry)) return isWithin(entry, host);
  const { name = entry, only } = /^(?<name>[^:]+|\[.+\]):(?<only>\d+)$/u.exec(entry)?.groups ?? {};
  if (only !== undefined && only !== port) return false;
  const bare = name.replace(/^\*?\./u, '').replace(/^\[|\]$/g, '');
  return host === bare || host.endsWith(`.${bare}`);
}

function isWithin(network: string, host: string): boolean {
  if (!ipaddr.isValid(host)) return false;
  const [address, range] = [ipaddr.process(host), ipaddr.parseCIDR(network)];
  return address.kind() === range[0].kind() && address.match(range);
}
