import { parse } from 'yaml';
import { z } from 'zod';

const Models = z.record(z.string(), z.unknown()).catch({});
const Mapped = z.object({ models: z.record(z.string(), z.string()).catch({}) }).catch({ models: {} });
const Named = z.object({
  retraining: z.object({ models: Models, registries: z.record(z.string(), Mapped).catch({}) }),
});

/** Models that a retraining file names, also by what registries call them, each once and without `*`; whatever else is wrong in it. */
export function retrainedModels(text: string): readonly string[] {
  const { data } = Named.safeParse(documentOf(text));
  if (!data) return [];
  const { models, registries } = data.retraining;
  const mapped = Object.values(registries).flatMap((one) => Object.values(one.models));
  return [...new Set([...Object.keys(models), ...mapped])].filter((key) => key !== '*');
}

function documentOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
