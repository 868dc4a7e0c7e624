import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import { mayLieAt, placeText, type Place } from '../domain/residency.js';
import { destinationRef, OWN_CONSOLE, placeOf, type Channels } from '../notify/destination.js';
import { settingsOf, type RetrainingGuards } from '../retraining/guards.js';
import { placeOfTarget, targetRef } from '../retraining/target.js';

/** A destination or a target that may not have data of a model. */
export interface BarredPlace {
  /** Channels that lead there, or the target of the retraining file. */
  readonly names: readonly string[];
  readonly address: string;
  readonly liesIn: readonly string[];
}

/** What the files name, and where this service lies. */
export interface Places {
  readonly channels: Channels;
  readonly guards: RetrainingGuards;
  readonly here: Place;
}

/** Destinations of the channels file and the model's target of the retraining file that may not have its data, each once. */
export function barredPlaces(
  { key, residency }: Pick<Model, 'key' | 'residency'>,
  { channels, guards }: Omit<Places, 'here'>,
): readonly BarredPlace[] {
  const named = Object.entries(channels).flatMap(([name, all]) => all.map((one) => ({ name, ref: destinationRef(one) })));
  const destinations = [...groupBy(named, ({ ref }) => ref.id).values()].flatMap(([first, ...others]) => {
    if (!first || first.ref.id === OWN_CONSOLE) return [];
    const place = placeOf(channels, first.ref.id);
    const names = [first, ...others].map(({ name }) => name);
    return [{ names, address: `${first.ref.kind} ${first.ref.address}`, place }];
  });
  const name = settingsOf(guards, key)?.target ?? '';
  const target = guards.targets[name];
  const targets = target ? [{ names: [name], address: targetRef(name, target).address, place: placeOfTarget(target) }] : [];
  return [...destinations, ...targets].flatMap(({ place, ...one }) =>
    mayLieAt(residency, place) ? [] : [{ ...one, liesIn: place ?? [] }],
  );
} // prettier-ignore

/** Contradictions between where data of the models has to stay and where this service, destinations and targets lie: each says by name what will not come or be told. */
export function residencyRemarks(models: readonly Model[], places: Places): readonly string[] {
  return models.flatMap((model) => {
    const { key, residency } = model;
    if (residency === undefined) return [];
    const stays = `data of ${key} has to stay in ${residency.join(' or ')}`;
    const rows = mayLieAt(residency, places.here)
      ? []
      : [`${stays}, and this service ${placeText(places.here)}: its rows are refused (wrong_region); set TIDEWATCH_REGION to where it lies, or correct the model's residency`]; // prettier-ignore
    const told = barredPlaces(model, places).map(
      ({ names, address, liesIn }) =>
        `${stays}, and ${names.join(', ')} (${address}) ${placeText(liesIn)}: nothing about it goes there; write liesIn where it lies, or send ${key} elsewhere`,
    );
    return [...rows, ...told];
  });
}
