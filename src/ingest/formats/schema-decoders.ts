import type { Clock } from '../../domain/clock.js';
import { avroDecoder } from './avro-decoder.js';
import { BoundedCache } from './bounded-cache.js';
import { messageIndexes, refText, type Framed } from './confluent-framing.js';
import { FormatError } from './format-error.js';
import { jsonSchemaDecoder } from './json-schema-decoder.js';
import { protobufDecoder } from './protobuf-decoder.js';
import { SchemaRegistryError } from './schema-registry-error.js';
import type { RegisteredSchema, SchemaRegistry } from './schema-registry.js';

type Decode = (framed: Framed) => unknown;
interface Entry {
  readonly decode: Promise<Decode>;
  /** When to ask again after the registry did not know the schema; null while there is no reason to. */
  askAgainAt: number | null;
}

/** A schema registered a moment ago may not be everywhere yet. */
const UNKNOWN_FOR_MS = 30_000;

/** Decoders by schema, made once each and at most `limit` of them. */
export class SchemaDecoders {
  private readonly entries: BoundedCache<Entry>;

  constructor(
    private readonly registry: Pick<SchemaRegistry, 'load'>,
    private readonly clock: Clock,
    limit = 1000,
  ) {
    this.entries = new BoundedCache(limit);
  }

  /**
   * A framed message → JSON. Throws FormatError when the schema is unknown or unusable or the bytes do not follow it, and
   * SchemaRegistryError (retryable) when the registry is away: the message is then neither stored nor lost.
   */
  async decode(framed: Framed): Promise<unknown> {
    const name = refText(framed.ref);
    const decode = await this.decoder(framed);
    try {
      return decode(framed);
    } catch (cause) {
      if (cause instanceof FormatError) throw cause;
      throw new FormatError('undecodable', `the bytes do not follow schema ${name}: ${reason(cause)}`, {
        cause,
      });
    }
  }

  private async decoder({ ref }: Framed): Promise<Decode> {
    const name = refText(ref);
    const now = this.clock.now().getTime();
    const known = this.entries.get(name);
    if (known && (known.askAgainAt === null || known.askAgainAt > now)) return known.decode;
    const decode = this.registry.load(ref).then(
      (schema) => compiled(schema, name),
      (error: unknown) => {
        throw asFormatError(error);
      },
    );
    const entry: Entry = { decode, askAgainAt: null };
    this.entries.set(name, entry);
    decode.catch((error: unknown) => {
      if (error instanceof FormatError) entry.askAgainAt = now + UNKNOWN_FOR_MS;
      else if (this.entries.get(name) === entry) this.entries.delete(name);
    });
    return decode;
  }
}

function compiled(schema: RegisteredSchema, name: string): Decode {
  try {
    return decoderOf(schema);
  } catch (cause) {
    throw new FormatError('unknown_schema', `schema ${name} cannot be used: ${reason(cause)}`, { cause });
  }
}

function decoderOf(schema: RegisteredSchema): Decode {
  if (schema.type !== 'PROTOBUF') {
    const decode = schema.type === 'AVRO' ? avroDecoder(schema) : jsonSchemaDecoder(schema);
    return ({ payload }) => decode(payload);
  }
  const decode = protobufDecoder(schema);
  return (framed) => {
    const indexes = messageIndexes(framed);
    if (!indexes) throw new FormatError('undecodable', 'the bytes end within the message indexes');
    return decode(indexes.body, indexes.path);
  };
}

function asFormatError(error: unknown): unknown {
  if (!(error instanceof SchemaRegistryError) || error.retryable) return error;
  return new FormatError('unknown_schema', error.message, { cause: error });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
