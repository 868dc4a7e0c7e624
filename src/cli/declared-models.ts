import type { RowsModel } from '../tables/column-role.js';
import { remark } from './answer.js';
import type { ApiClient } from './api-client.js';
import { CliError } from './exit.js';

/** What a model declares of its rows. */
export interface DeclaredModel extends RowsModel {
  readonly task: string;
  /** How far an event's time may lie behind and ahead of its arrival, in milliseconds. */
  readonly accepts: { readonly past: number; readonly future: number };
  /** How long after newer rows one may come and still change what is judged, in milliseconds. */
  readonly lateness: number;
  /** All labels there are; null where any is taken. */
  readonly classes: readonly string[] | null;
}
export type DeclaredModels = ReadonlyMap<string, DeclaredModel>;

interface Answered {
  readonly key: string;
  readonly task: string;
  readonly positive: string | null;
  readonly protected: readonly string[];
  readonly segmentKeys: readonly string[];
  readonly classes: readonly string[] | null;
  readonly acceptsPastMs: number;
  readonly acceptsFutureMs: number;
  readonly latenessMs: number;
  readonly features: readonly { readonly name: string; readonly kind: string }[];
}

const DOCUMENT = `query ($after: String) { models(first: 50, after: $after) {
  nodes { key task positive protected segmentKeys classes acceptsPastMs acceptsFutureMs latenessMs features { name kind } } pageInfo { hasNextPage endCursor } } }`;

/** What the service knows of its models. Nothing where the key may not read: tables are then read without it, and that is said. */
export async function readModels(api: ApiClient): Promise<DeclaredModels> {
  const found = new Map<string, DeclaredModel>();
  try {
    for await (const node of api.nodes<Answered>('models', DOCUMENT)) found.set(node.key, declaredOf(node));
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'forbidden') throw error;
    remark('this key may not read models: tables are read without the types that model files declare');
  }
  return found;
}

function declaredOf(node: Answered): DeclaredModel {
  const features = node.features.flatMap(({ name, kind }) => {
    const type = (['numeric', 'categorical', 'boolean'] as const).find((known) => known === kind);
    return type ? [[name, { type }] as const] : [];
  });
  return {
    task: node.task.toLowerCase(),
    positive: node.positive ?? undefined,
    protected: node.protected,
    segments: node.segmentKeys,
    classes: node.classes,
    features: Object.fromEntries(features),
    lateness: node.latenessMs,
    accepts: { past: node.acceptsPastMs, future: node.acceptsFutureMs },
  };
}
