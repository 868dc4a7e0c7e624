import { z } from 'zod';
import { LAUNCH_QUESTIONS, VersionRecord } from '../domain/version-record.js';
import { RegistryError } from './registry-error.js';

/** A version of a registered model of an MLflow server. */
export interface MlflowVersion {
  /** Of the tracking server, without `/api`. */
  readonly url: string;
  readonly token: string | null;
  readonly name: string;
  readonly version: string;
}

type Get = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<Response>;

const Pair = z.object({ key: z.string(), value: z.union([z.string(), z.number()]) });
const Answer = z.object({
  model_version: z.object({
    run_id: z.string().optional(),
    source: z.string().optional(),
    tags: z.array(Pair).optional(),
  }),
});
const Dataset = z.object({
  name: z.string(),
  digest: z.string(),
  source: z.string().optional(),
  profile: z.string().optional(),
});
const Run = z.object({
  run: z.object({
    data: z.object({
      metrics: z.array(Pair).optional(),
      params: z.array(Pair).optional(),
      tags: z.array(Pair).optional(),
    }),
    inputs: z.object({ dataset_inputs: z.array(z.object({ dataset: Dataset })).optional() }).optional(),
  }),
});
type RunData = z.infer<typeof Run>['run'];

const DEADLINE_MS = 20_000;

/**
 * What an MLflow server (REST API 2.0) knows of a model version and of the run that made it, as a record: parameters, metrics, the first data
 * set, the commit, the artifact, and answers to the questions of a launch in tags such as `tidewatch.card.rollback`. Throws RegistryError with
 * what the server said.
 */
export async function readMlflow(get: Get, place: MlflowVersion): Promise<VersionRecord> {
  const query = new URLSearchParams({ name: place.name, version: place.version });
  const { model_version: found } = await ask(get, place, `model-versions/get?${query.toString()}`, Answer);
  const { run_id: runId, source, tags = [] } = found;
  const run = runId ? (await ask(get, place, `runs/get?run_id=${encodeURIComponent(runId)}`, Run)).run : null;
  const said = `mlflow ${place.name}/${place.version}${runId ? `, run ${runId}` : ''}, ${new URL(place.url).host}`;
  return {
    ...(run ? fromRun(run) : {}),
    ...(source ? { artifact: { uri: source } } : {}),
    ...cardOf([...(run?.data.tags ?? []), ...tags]),
    source: said,
  };
}

async function ask<Found>(
  get: Get,
  place: MlflowVersion,
  path: string,
  shape: z.ZodType<Found>,
): Promise<Found> {
  const address = `${place.url.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (place.token !== null) headers['authorization'] = `Bearer ${place.token}`;
  const text = await answerOf(get, address, headers);
  const parsed = shape.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw refused(`${address} did not answer as MLflow does: is it the address of the tracking server?`);
}

async function answerOf(get: Get, address: string, headers: Record<string, string>): Promise<string> {
  try {
    const response = await get(address, { headers, signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await response.text();
    if (response.ok) return text;
    throw refused(`${address} answered HTTP ${response.status}: ${text.slice(0, 300)}`);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw refused(`${address} cannot be reached (${error instanceof Error ? error.message : String(error)})`);
  }
}

function fromRun({ data, inputs }: RunData): VersionRecord {
  const tags = new Map((data.tags ?? []).map(({ key, value }) => [key, String(value)]));
  const commit = tags.get('mlflow.source.git.commit');
  const place = tags.get('mlflow.source.git.repoURL') ?? tags.get('mlflow.source.name');
  const code = [place, commit].filter((part) => part !== undefined).join('@');
  const metrics = (data.metrics ?? []).filter(({ value }) => typeof value === 'number');
  const [input] = inputs?.dataset_inputs ?? [];
  return {
    hyperparameters: Object.fromEntries((data.params ?? []).map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, Number(value)])),
    ...(code === '' ? {} : { code }),
    ...(input ? { trainingData: dataOf(input.dataset) } : {}),
  };
}

function dataOf({
  name,
  digest,
  source,
  profile,
}: z.infer<typeof Dataset>): NonNullable<VersionRecord['trainingData']> {
  const rows = z.object({ num_rows: z.number().int().nonnegative() }).safeParse(jsonOf(profile ?? ''));
  return {
    uri: `${name}@${digest}${source ? ` ${source}` : ''}`.slice(0, 4_000),
    ...(/^[0-9a-f]{64}$/.test(digest) ? { sha256: digest } : {}),
    ...(rows.success ? { rows: rows.data.num_rows } : {}),
  };
}

function cardOf(tags: readonly z.infer<typeof Pair>[]): Pick<VersionRecord, 'card'> {
  const said = tags.flatMap(({ key, value }) => {
    const question = key.replace(/^tidewatch\.card\./, '');
    return question !== key && question in LAUNCH_QUESTIONS ? [[question, String(value)]] : [];
  });
  return said.length === 0 ? {} : { card: VersionRecord.shape.card.unwrap().parse(Object.fromEntries(said)) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(message: string): RegistryError {
  return new RegistryError('mlflow', 'mlflow', message);
}
