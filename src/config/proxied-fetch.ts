import { fetch as fetchThrough, ProxyAgent, type RequestInit as ThroughInit } from 'undici';
import { environmentProxies, proxyFor, type Proxies } from './proxies.js';

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** `fetch` that goes through the proxy that the settings name for an address, and directly elsewhere. */
export function proxiedFetch(proxies: Proxies = environmentProxies()): Fetch {
  const agents = new Map<string, ProxyAgent>();
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = proxyFor(url, proxies);
    if (proxy === null) return fetch(input, init);
    const agent = agents.get(proxy) ?? new ProxyAgent(proxy);
    agents.set(proxy, agent);
    // The two declare the same interface under different names.
    const options = { ...init, dispatcher: agent } as unknown as ThroughInit;
    return (await fetchThrough(url, options)) as unknown as Response;
  };
}
