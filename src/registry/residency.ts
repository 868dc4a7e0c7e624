import { mayLieAt, placeText, type Place } from '../domain/residency.js';
import type { Registry } from './registry.js';

/** A model whose data may not be at some place. */
export interface Barred {
  readonly model: string;
  readonly residency: readonly string[];
}

/** Which data has to stay where: what the model files say, held against where this service lies. */
export class Residency {
  #here: { readonly models: number; readonly barred: ReadonlyMap<string, Barred> } | null = null;

  /** `here` is null where the settings do not say it. */
  constructor(
    readonly here: Place,
    private readonly registry: Pick<Registry, 'models' | 'find'>,
    /** Counts what models are described as. */
    private readonly described: { readonly models: number },
  ) {}

  /** Those of some models whose data may not be at a place; left out, at this service. Names that no model has are nobody's. */
  barred(models: readonly string[], place: Place = this.here): readonly Barred[] {
    return [...new Set(models)].flatMap((key) => {
      const residency = this.registry.find(key)?.model.residency;
      return residency === undefined || mayLieAt(residency, place) ? [] : [{ model: key, residency }];
    });
  }

  /** Those whose data may not be at this service, by their keys; the same map until a model is described anew. */
  get barredHere(): ReadonlyMap<string, Barred> {
    const { models } = this.described;
    if (this.#here?.models !== models)
      this.#here = { models, barred: new Map(this.barredOfAll().map((one) => [one.model, one])) };
    return this.#here.barred;
  }

  /** The same of all models. */
  barredOfAll(place: Place = this.here): readonly Barred[] {
    return this.barred(this.registry.models().map(({ model }) => model.key), place);
  }
} // prettier-ignore

/** `data of credit has to stay in EU, that of rent in EU or US, and <who> lies in CH`. */
export function barredText(barred: readonly Barred[], who: string, place: Place): string {
  const stays = barred.map(({ model, residency }, i) => `${i === 0 ? 'data of' : 'that of'} ${model}${i === 0 ? ' has to stay' : ''} in ${residency.join(' or ')}`);
  const shown = stays.length <= MOST_BARRED_NAMED ? stays : [...stays.slice(0, MOST_BARRED_NAMED), `that of ${stays.length - MOST_BARRED_NAMED} more elsewhere`];
  return `${shown.join(', ')}, and ${who} ${placeText(place)}`;
} // prettier-ignore

/** More would not be read. */
const MOST_BARRED_NAMED = 5;
