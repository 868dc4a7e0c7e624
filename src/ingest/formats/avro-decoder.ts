import avro from 'avsc';
import { plainValue } from './plain-value.js';
import type { RegisteredSchema } from './schema-registry.js';

/** 64-bit integers beyond 2^53 are kept exact until it is known what they are for. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

class Micros extends avro.types.LogicalType {
  protected override _fromValue(value: unknown): unknown {
    return Math.floor(Number(value) / 1000);
  }
}

class Days extends avro.types.LogicalType {
  protected override _fromValue(value: unknown): unknown {
    return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  }
}

/** A decimal is its two's complement integer, scaled: as a number, which is what a feature is. */
class Decimal extends avro.types.LogicalType {
  private readonly scale: number;

  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options);
    this.scale = Number((schema as { scale?: unknown }).scale ?? 0);
  }

  protected override _fromValue(value: unknown): unknown {
    const bytes = value as Buffer;
    const unscaled =
      bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
    return Number(`${unscaled}e-${this.scale}`);
  }
}

const LOGICAL = {
  'timestamp-micros': Micros,
  'local-timestamp-micros': Micros,
  date: Days,
  decimal: Decimal,
};

/** Bytes → JSON by an Avro schema. Making it throws when the schema is invalid; calling it, when the bytes do not follow it. */
export function avroDecoder({ schema, references }: RegisteredSchema): (payload: Buffer) => unknown {
  const options = { registry: { long: LONG }, logicalTypes: LOGICAL };
  for (const reference of references) avro.Type.forSchema(parsed(reference.schema), options);
  const type = avro.Type.forSchema(parsed(schema), options);
  return (payload) => plainValue(type.fromBuffer(payload));
}

/** A schema of one primitive type may be written without quotes. */
function parsed(text: string): avro.Schema {
  return /^\s*[[{"]/u.test(text) ? (JSON.parse(text) as avro.Schema) : (text.trim() as avro.Schema);
}
