import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.js';
import { environmentProxies, proxiesOf, proxyFor } from './proxies.js';

const PROXY = 'http://proxy.example:3128';

describe('proxyFor', () => {
  it.each([
    ['https://hooks.slack.com/x', '', true],
    ['http://hooks.example.org/x', '', true],
    ['https://hooks.example.org/x', '*', false],
    ['https://hooks.example.org/x', 'example.org', false],
    ['https://hooks.example.org/x', '.example.org', false],
    ['https://hooks.example.org/x', '*.example.org', false],
    ['https://notexample.org/x', 'example.org', true],
    ['https://hooks.example.org:8443/x', 'hooks.example.org:8443', false],
    ['https://hooks.example.org/x', 'hooks.example.org:8443', true],
    ['http://10.1.2.3/x', '10.0.0.0/8', false],
    ['http://11.1.2.3/x', '10.0.0.0/8 , internal', true],
    ['http://airflow.internal/x', 'a.example, internal', false],
    ['https://HOOKS.Example.org/x', 'hooks.EXAMPLE.org', false],
    ['http://localhost:8080/x', '', false],
    ['http://127.0.0.1:8080/x', '', false],
    ['http://[::1]:8080/x', '', false],
  ])('of %s with NO_PROXY=%s: %s', (url, none, isProxied) => {
    const proxies = { https: PROXY, http: PROXY, none };
    expect(proxyFor(new URL(url), proxies)).toBe(isProxied ? PROXY : null);
  });

  it('is asked by scheme', () => {
    const proxies = { https: PROXY, http: null, none: '' };
    expect(proxyFor(new URL('http://a.example/'), proxies)).toBeNull();
  });
});

describe('the settings', () => {
  it('are read in capitals and in small letters, as other programs do', () => {
    for (const environment of [
      { HTTPS_PROXY: PROXY, NO_PROXY: 'a.example' },
      { https_proxy: PROXY, no_proxy: 'a.example' },
    ]) {
      const wanted = { https: PROXY, http: null, none: 'a.example' };
      expect(proxiesOf(parseConfig(environment))).toEqual(wanted);
      expect(environmentProxies(environment)).toEqual(wanted);
    }
  });
});
