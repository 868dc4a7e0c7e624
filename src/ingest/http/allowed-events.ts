import { HttpRefusal } from './http-refusal.js';
import { isObject } from '../../domain/json-object.js';

/** What a sender's key is limited to; null where it is not. */
export interface SendLimits {
  readonly name: string;
  readonly models: readonly string[] | null;
  readonly environments: readonly string[] | null;
}

/**
 * Refuses events of models and environments that the sender's key is not for. Only events of limited keys are looked into; what is no JSON object
 * goes on and is refused for that. Throws HttpRefusal 403, before anything of this portion is stored; `from` counts those before it.
 */
export function demandAllowed(
  values: readonly Buffer[],
  { name, models, environments }: SendLimits,
  from: number,
): void {
  if (models === null && environments === null) return;
  for (const [i, value] of values.entries()) {
    const text = value.toString('utf8');
    const event = parsed(text);
    if (event === null) continue;
    const refuse = (why: string) =>
      new HttpRefusal(`this key (${name}) ${why} (event ${from + i})`, 403, 'forbidden');
    // Whoever reads a name that stands there twice takes one of the two, and not everybody the same.
    if (hasTwins(text)) throw refuse('is limited, and an event names a field twice');
    const { model, environment } = event;
    if (models !== null && model !== undefined && !models.includes(textOf(model)))
      throw refuse(`is for ${models.join(', ')}, not for the model ${textOf(model)}`);
    const place =
      environment === undefined || environment === null || environment === ''
        ? 'production'
        : textOf(environment);
    if (environments !== null && !environments.includes(place))
      throw refuse(`is for the environments ${environments.join(', ')}, not for ${place}`);
  }
}

/** As the store reads a name. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a name stands twice at the top of a JSON object. `text` must be one. */
function hasTwins(text: string): boolean {
  const seen = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') depth -= 1;
    else if (letter === '"') {
      const end = endOfText(text, at);
      const isName = depth === 1 && isFollowedByColon(text, end + 1);
      if (isName) {
        const name = String(JSON.parse(text.slice(at, end + 1)));
        if (seen.has(name)) return true;
        seen.add(name);
      }
      at = end;
    }
  }
  return false;
}

function isFollowedByColon(text: string, at: number): boolean {
  let next = at;
  while (' \t\r\n'.includes(text[next] ?? '-')) next += 1;
  return text[next] === ':';
}

/** Place of the quote that ends the text which begins at `at`. */
function endOfText(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}
