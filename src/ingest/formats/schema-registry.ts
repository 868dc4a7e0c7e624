import { z } from 'zod';
import { proxiedFetch } from '../../config/proxied-fetch.js';
import type { Proxies } from '../../config/proxies.js';
import { refText, type SchemaRef } from './confluent-framing.js';
import { SchemaRegistryError } from './schema-registry-error.js';

const Reference = z.object({ name: z.string(), subject: z.string(), version: z.number() });
const Answer = z.object({
  schema: z.string(),
  schemaType: z.enum(['AVRO', 'PROTOBUF', 'JSON']).default('AVRO'),
  references: z.array(Reference).nullish(),
});

/** A schema and all that it refers to, deepest first. */
export interface RegisteredSchema {
  readonly type: 'AVRO' | 'PROTOBUF' | 'JSON';
  readonly schema: string;
  readonly references: readonly { readonly name: string; readonly schema: string }[];
}

export interface SchemaRegistryOptions {
  /** Null when none is configured: every look-up then fails, not retryable. */
  readonly url: string | null;
  readonly username?: string | undefined;
  /** As it is now; a password may be rotated. */
  readonly password?: () => string | undefined;
  readonly timeoutMs?: number;
  /** The way out; those of the environment where it is left out. */
  readonly proxies?: Proxies;
}

const MAX_REFERENCES = 64;
const WRONG_RIGHTS = [401, 403, 407];

/** Reads schemas of a Confluent-compatible registry over its REST interface. Holds nothing: see SchemaDecoders. */
export class SchemaRegistry {
  private readonly fetch: ReturnType<typeof proxiedFetch>;

  constructor(private readonly options: SchemaRegistryOptions) {
    this.fetch = proxiedFetch(options.proxies);
  }

  /** One schema with its references. Throws SchemaRegistryError. */
  async load(ref: SchemaRef): Promise<RegisteredSchema> {
    const path = 'id' in ref ? `/schemas/ids/${ref.id}` : `/schemas/guids/${ref.guid}`;
    const { schema, schemaType, references } = await this.get(path, `schema ${refText(ref)}`);
    const found = new Map<string, string>();
    await this.collect(references ?? [], found);
    return {
      type: schemaType,
      schema,
      references: [...found].map(([name, text]) => ({ name, schema: text })),
    };
  }

  private async collect(
    references: readonly z.infer<typeof Reference>[],
    found: Map<string, string>,
  ): Promise<void> {
    for (const { name, subject, version } of references) {
      if (found.has(name)) continue;
      if (found.size >= MAX_REFERENCES)
        throw new SchemaRegistryError(
          `a schema refers to more than ${MAX_REFERENCES} others`,
          'SCHEMA_NOT_FOUND',
          false,
        );
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
      const answer = await this.get(path, `schema ${subject} version ${version}`);
      await this.collect(answer.references ?? [], found);
      found.set(name, answer.schema);
    }
  }

  private async get(path: string, what: string): Promise<z.infer<typeof Answer>> {
    const { url, timeoutMs = 10_000 } = this.options;
    if (url === null)
      throw new SchemaRegistryError(
        `${what} is needed and no schema registry is configured: set SCHEMA_REGISTRY_URL`,
        'NO_REGISTRY',
        false,
      );
    const response = await this.fetch(url.replace(/\/$/u, '') + path, {
      headers: headersOf(this.options),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new SchemaRegistryError(
        `the schema registry does not answer: ${String(cause)}`,
        'REGISTRY_UNAVAILABLE',
        true,
        { cause },
      );
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response.status, what);
    }
    return answered(response, what);
  }
}

async function answered(response: Response, what: string): Promise<z.infer<typeof Answer>> {
  try {
    return Answer.parse(await response.json());
  } catch (cause) {
    throw new SchemaRegistryError(
      `the schema registry's answer for ${what} is no schema`,
      'REGISTRY_UNAVAILABLE',
      true,
      { cause },
    );
  }
}

function refusal(status: number, what: string): SchemaRegistryError {
  if (status === 404)
    return new SchemaRegistryError(`the schema registry does not know ${what}`, 'SCHEMA_NOT_FOUND', false);
  if (WRONG_RIGHTS.includes(status))
    return new SchemaRegistryError(
      `the schema registry refuses ${what} with ${status}: check its credentials`,
      'REGISTRY_REFUSED',
      true,
    );
  return new SchemaRegistryError(
    `the schema registry answers ${status} for ${what}`,
    'REGISTRY_UNAVAILABLE',
    true,
  );
}

function headersOf({ username, password }: SchemaRegistryOptions): Readonly<Record<string, string>> {
  const accept = 'application/vnd.schemaregistry.v1+json, application/json';
  if (username === undefined) return { accept };
  const pair = Buffer.from(`${username}:${password?.() ?? ''}`).toString('base64');
  return { accept, authorization: `Basic ${pair}` };
}
