import type { Request, Response } from 'express';

/** The path below which people reach the service (`/tidewatch`), or '' at the root. */
export function mountPath(publicUrl: string | undefined): string {
  return publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * Serves under a path as at the root, whether the proxy in front takes the path away or not: it is taken off addresses that come in and put before
 * those that a redirect leads to. Everything behind knows only addresses from the root.
 */
export function mounted(path: string) {
  return (request: Request, response: Response, next: () => void): void => {
    const rest = below(request.url, path);
    if (rest !== null) {
      request.url = rest;
      request.originalUrl = rest;
    }
    const location = response.location.bind(response);
    response.location = (address) => location(/^\/(?!\/)/.test(address) ? `${path}${address}` : address);
    next();
  };
}

function below(url: string, path: string): string | null {
  if (!url.startsWith(path)) return null;
  const rest = url.slice(path.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : null;
}
