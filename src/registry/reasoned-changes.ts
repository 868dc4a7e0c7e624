import type { Model } from '../domain/model.js';
import { jsonDiff } from './json-diff.js';
import { modelToJson } from './model-text.js';

/** What a description says of what a model is for, what its mistakes cost and when its days are others: nobody has to agree to it, and whoever reads the ledger wants to know why. */
const REASONED =
  /^\/(?:(?:purpose|team|role|costs|calendar|timezone|classes|keep)(?=\/|$)|features\/[^/]+\/importance$)/u;

/** Fields of a new description whose change is told with a reason where a model is of high risk, each once, in the order of the text; empty where there are none. Pure. */
export function reasonedChanges(before: Model, after: Model): readonly string[] {
  const fields = jsonDiff(modelToJson(before), modelToJson(after)).flatMap(({ path }) => {
    const [found] = REASONED.exec(path) ?? [];
    return found === undefined ? [] : [found.slice(1).replaceAll('/', '.')];
  });
  return [...new Set(fields)];
}
