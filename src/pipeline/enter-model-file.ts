import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import type { Descriptions } from '../registry/descriptions.js';
import { jsonDiff } from '../registry/json-diff.js';
import { modelToJson } from '../registry/model-text.js';
import type { Registry } from '../registry/registry.js';
import { loosened } from './loosened.js';

/** Where models and what was agreed about them are known. */
interface Known {
  readonly registry: Registry;
  readonly descriptions: Descriptions;
}

/**
 * Registers what a model file says, at a start. Nobody is asked: who writes the file runs the machine. What it takes back of what others agreed to, or of what watches a model of
 * high risk, stands in the entry by name (`undoes`), so that nothing is taken back in silence.
 */
export function enterModelFile(known: Known, model: Model, now: Date): readonly NewEntry[] {
  const undoes = undoneBy(known, model);
  return known.registry.register(model, SYSTEM, now, undoes.length === 0 ? {} : { undoes });
}

/** What a description takes back, a sentence for each; empty for a model that is new, and where it takes nothing back. */
export function undoneBy({ registry, descriptions }: Known, model: Model): readonly string[] {
  const before = registry.find(model.key)?.model;
  if (!before) return [];
  const { agreed } = descriptions.agreementOf(model.key);
  const against = jsonDiff(modelToJson(before), modelToJson(model)).flatMap(({ path, before: was, after: is }) => {
    const approval = agreed.get(path);
    const field = path.slice(1).replaceAll('/', '.');
    return approval === undefined ? [] : [{ field, text: `${field} of ${model.key}: ${worded(was)} to ${worded(is)}, against approval ${approval}` }];
  });
  const named = against.map(({ field }) => `${field} of `);
  const weaker = riskTier(before.risk) === 'HIGH' ? loosened(before, model) : [];
  const others = weaker.map(({ text }) => text).filter((text) => !named.some((start) => text.startsWith(start)));
  return [...against.map(({ text }) => text), ...others];
} // prettier-ignore

function worded(value: Json): string {
  return value === null ? 'unsaid' : typeof value === 'string' ? value : JSON.stringify(value);
}
