import { readFile } from 'node:fs/promises';
import { proxiedFetch } from '../config/proxied-fetch.js';
import { riskTier } from '../domain/model.js';
import { readMlflow } from '../registry/mlflow.js';
import type { RegistryNews } from '../registry/mlflow-event.js';
import { RegistryError } from '../registry/registry-error.js';
import type { VersionRegistry } from '../retraining/version-registry.js';
import { announceVersion } from './announce-version.js';
import type { Stages } from './stages.js';
import { wantStage } from './want-champion.js';

/**
 * Does what an event of a registry of versions asks for; what others have to agree to waits, and the id of the approval is returned, else null. A version of the registry has its number there as its name here. Throws ModelNotFound and
 * RegistryError: for a model that is not mapped, a move that is not legal, a server that cannot be asked.
 */
export async function hearRegistry(
  stages: Stages,
  { name: registry, settings }: { readonly name: string; readonly settings: VersionRegistry },
  news: RegistryNews,
): Promise<string | null> {
  const model = settings.models[news.name];
  if (model === undefined) {
    const known = Object.keys(settings.models).join(', ') || 'none';
    const why = `registries.${registry}.models does not name "${news.name}" (it names: ${known})`;
    throw new RegistryError('model_not_mapped', 'name', why);
  }
  const actor = { type: 'key', id: `registry:${registry}` } as const;
  const named = { model, version: news.version, actor };
  if (news.kind === 'describe') {
    const place = {
      url: settings.url,
      token: await tokenOf(settings),
      name: news.name,
      version: news.version,
    };
    const record = await readMlflow(proxiedFetch(), place);
    await announceVersion(stages, { ...named, stage: null, reason: `created in ${registry}`, record });
    return null;
  }
  const { risk } = stages.registry.load(model).model;
  if (news.stage === 'champion' && riskTier(risk) === 'HIGH') {
    const why = `${model} is a model of high risk: a person makes version ${news.version} champion here`;
    throw new RegistryError('needs_person', 'alias', why);
  }
  return wantStage(stages, { ...named, stage: news.stage, reason: `alias ${news.stage} in ${registry}` });
}

async function tokenOf({ token, tokenFile }: VersionRegistry): Promise<string | null> {
  return tokenFile === undefined ? (token ?? null) : (await readFile(tokenFile, 'utf8')).trim();
}
