import { lookAlike } from '../domain/look-alike.js';

/** An answer for an address of the REST doors that none took, or none by this method. */
export interface MissingDoor {
  readonly status: 404 | 405;
  /** Methods that the address takes, in capitals; empty when there is nothing at it. */
  readonly methods: readonly string[];
  readonly body: { readonly code: string; readonly message: string };
}

/** What to say at an address; `paths` are those of the OpenAPI document, with `{name}` for what varies. */
export function missingDoor(
  { method, path }: { readonly method: string; readonly path: string },
  paths: Readonly<Record<string, object>>,
): MissingDoor {
  const found = Object.entries(paths).find(([template]) => isAt(path, template));
  const methods = Object.keys(found?.[1] ?? {}).map((name) => name.toUpperCase());
  if (methods.length > 0)
    return {
      status: 405,
      methods,
      body: { code: 'method_not_allowed', message: `${path} takes ${methods.join(' and ')}, not ${method}` },
    };
  const meant = lookAlike(path, Object.keys(paths));
  const hint = meant === null ? '' : `did you mean ${meant}? `;
  const message = `there is nothing at ${path}; ${hint}/v1/openapi.json lists what there is`;
  return { status: 404, methods, body: { code: 'not_found', message } };
}

function isAt(path: string, template: string): boolean {
  const [parts, wanted] = [path.split('/'), template.split('/')];
  return (
    parts.length === wanted.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i])
  );
}
