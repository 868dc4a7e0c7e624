import type { Model } from '../domain/model.js';

/** What a model of each task costs by. */
const COSTS_OF: Readonly<Record<Model['task'], { readonly fields: readonly string[]; readonly example: string }>> = {
  binary: { fields: ['falsePositive', 'falseNegative', 'truePositive', 'trueNegative'], example: 'falsePositive: 5, falseNegative: 250' },
  multiclass: { fields: ['mistake', 'matrix'], example: 'mistake: 1' },
  regression: { fields: ['absoluteError'], example: 'absoluteError: 3' },
}; // prettier-ignore

/** A field of `costs` that is wrong; an empty path is `costs` itself. */
interface CostProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Costs that would count for nothing: those of another task (a 0 is what is written where defaults are), and none at all. `written`: what stands there, before defaults. */
export function costProblems({ task, costs }: Pick<Model, 'task' | 'costs'>, written: unknown): readonly CostProblem[] {
  if (!costs || typeof written !== 'object' || written === null) return [];
  const { fields, example } = COSTS_OF[task];
  const said = Object.keys(written).filter((name) => name !== 'currency');
  const strays = said.filter((name) => !fields.includes(name) && Reflect.get(written, name) !== 0);
  const kind = task === 'multiclass' ? 'model of several classes' : task === 'binary' ? 'binary model' : 'regression';
  const ofOthers = strays.map((name) => ({ path: [name], message: `counts for nothing: a ${kind} costs by ${fields.join(', ')}` }));
  const amounts = fields.flatMap((name) => amountsIn(Reflect.get(costs, name)));
  if (strays.length > 0 || amounts.some((amount) => amount !== 0)) return ofOthers;
  return [{ path: [], message: `no answer costs anything: write what one does, such as { currency: ${costs.currency}, ${example} }, or leave costs out` }];
} // prettier-ignore

function amountsIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(amountsIn) : [];
}
