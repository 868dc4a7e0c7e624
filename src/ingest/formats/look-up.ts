import { isRecord } from './message.js';

/** What the paths of a mapping look into. */
export interface PathRoots {
  readonly input: unknown;
  readonly output: unknown;
  readonly request: unknown;
  readonly response: unknown;
  readonly envelope: unknown;
}

/**
 * The value at a path such as `input.loan_id` or `request.parameters.ts`, undefined when nothing is there. A field whose own
 * name has dots is found too: the longest name that exists is taken.
 */
export function lookUp(path: string, roots: PathRoots): unknown {
  const dot = path.indexOf('.');
  return descend(roots[path.slice(0, dot) as keyof PathRoots], path.slice(dot + 1));
}

function descend(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const [position = '', ...rest] = path.split('.');
    const found: unknown = value[Number(position)];
    return rest.length === 0 ? found : descend(found, rest.join('.'));
  }
  if (!isRecord(value)) return undefined;
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const name = path.slice(0, end);
    if (Object.hasOwn(value, name))
      return end === path.length ? value[name] : descend(value[name], path.slice(end + 1));
  }
  return undefined;
}
