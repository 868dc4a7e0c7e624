import type { Json } from '../domain/ledger-entry.js';
import { durationText } from '../domain/duration.js';
import { Model } from '../domain/model.js';

type JsonObject = { readonly [key: string]: Json };

/** A model in the words of a model file (durations as text, dates as ISO 8601), as ledger entries hold it. Unset fields are left out. */
export function modelToJson(model: Model): JsonObject {
  const { window, labels, accepts, lateness, baseline, keep, monitoringPlan, ...rest } = model;
  const words = {
    ...rest,
    window: durationText(window),
    labels: { expectedWithin: durationText(labels.expectedWithin) },
    accepts: { past: durationText(accepts.past), future: durationText(accepts.future) },
    lateness: durationText(lateness),
    ...keepToWords(keep),
    ...(monitoringPlan && {
      monitoringPlan: { ...monitoringPlan, every: durationText(monitoringPlan.every) },
    }),
    ...(baseline && { baseline: baselineToWords(baseline) }),
  };
  // Drops what is undefined and writes dates as text.
  return JSON.parse(JSON.stringify(words)) as JsonObject;
}

/** The model again; fields that a later version of the schema added get their defaults. Throws ZodError when it is no model. */
export function modelFromJson(value: Json): Model {
  return Model.parse(value);
}

/** Nothing where nothing is said, so that models of before there was anything to say are the same. */
function keepToWords(keep: Model['keep']): object {
  const said = Object.entries(keep).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, durationText(ms)] as const],
  );
  return said.length === 0 ? {} : { keep: Object.fromEntries(said) };
}

function baselineToWords(baseline: NonNullable<Model['baseline']>): object {
  return 'learn' in baseline ? { learn: durationText(baseline.learn) } : baseline;
}
