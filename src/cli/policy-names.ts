import { someOf } from '../domain/wording.js';
import { freshLookup } from '../config/fresh-lookup.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { CompiledPolicy, CompiledRule } from '../policies/compiled-policy.js';
import { nobody } from '../file-remarks.js';
import { surveyChannels } from '../read-files.js';
import { remark } from './answer.js';
import { ApiClient } from './api-client.js';
import type { DataOptions } from './arguments.js';
import { readModels } from './declared-models.js';
import { configOf, locate, tokenOf } from './locate.js';

const NAMED = 30;

interface Named {
  readonly id: string;
  readonly rules: readonly Pick<CompiledRule, 'id' | 'features'>[];
}

/** Channels and features that policies name and that are not there: a sentence each, with what is. */
export async function unknownNames(
  policies: readonly CompiledPolicy[],
  options: DataOptions,
): Promise<readonly string[]> {
  const features = await featuresOfModels(options);
  return [
    ...unknownChannels(policies, options),
    ...(features === null ? [] : unknownFeatures(policies, features)),
  ];
}

/** A channels file whose secrets are not set here has names all the same. */
function unknownChannels(policies: readonly CompiledPolicy[], options: DataOptions): readonly string[] {
  const config = configOf(options);
  const { leads, value, problems } = surveyChannels(config, freshLookup());
  const isAbsent = value.text === '' && problems.length === 0;
  return leads === null || isAbsent ? [] : nobody(config, policies, leads);
}

/** Features that rules name and that no model has; a name that ends in `*` stands for several. Sentences. */
export function unknownFeatures(policies: readonly Named[], known: readonly string[]): readonly string[] {
  const isKnown = (name: string) =>
    name.endsWith('*') ? known.some((one) => one.startsWith(name.slice(0, -1))) : known.includes(name);
  const there = someOf(known, NAMED);
  return policies.flatMap(({ id, rules }) =>
    rules.flatMap((rule) =>
      rule.features
        .filter((name) => !isKnown(name))
        .map((name) => `${id}, rule ${rule.id}: no model has a feature "${name}"; there are ${there}`),
    ),
  );
}

/** Features and outputs of all models of the running service; null where none answers, or none has any. */
async function featuresOfModels(options: DataOptions): Promise<readonly string[] | null> {
  const config = configOf(options);
  const place = await locate(config, options, true).catch(() => null);
  const models =
    place?.kind === 'service'
      ? await readModels(new ApiClient(place.url, tokenOf(config))).catch(() => null)
      : null;
  if (models === null) {
    remark('no service answers: whether the features of policies exist is not looked at');
    return null;
  }
  const names = [...models.values()].flatMap(({ features }) => Object.keys(features));
  return names.length === 0 ? null : [...new Set([...OUTPUT_NAMES, ...names])];
}
