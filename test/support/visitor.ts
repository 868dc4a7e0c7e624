/** A browser without a window: keeps cookies by host, follows redirects, and says where it was. */
export class Visitor {
  private readonly jars = new Map<string, Map<string, string>>();
  /** What servers asked to keep, as they wrote it. */
  readonly set: string[] = [];
  /** Addresses it was led over. */
  readonly trail: string[] = [];

  async get(url: string): Promise<Response> {
    let at = url;
    for (let i = 0; i < 20; i++) {
      const response = await this.send(at);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) return response;
      at = new URL(location, at).href;
    }
    throw new Error(`led in a circle: ${this.trail.join(' ')}`);
  }

  /** One request; a redirect is not followed. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    this.trail.push(url);
    const jar = this.jars.get(new URL(url).hostname) ?? new Map<string, string>();
    this.jars.set(new URL(url).hostname, jar);
    const headers = new Headers(init.headers);
    headers.set('accept', 'text/html');
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const text of response.headers.getSetCookie()) {
      this.set.push(text);
      const [pair = ''] = text.split(';');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '' || /expires=Thu, 01 Jan 1970/iu.test(text)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** What it holds of a host under a name. */
  cookie(host: string, name: string): string | undefined {
    return this.jars.get(host)?.get(name);
  }
}
