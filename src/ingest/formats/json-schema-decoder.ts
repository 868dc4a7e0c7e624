import { Ajv, type AnySchemaObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RegisteredSchema } from './schema-registry.js';

/** Drafts older than 7 differ in details that decide nothing here: they are read as draft 7. */
const OLD_DRAFT = /draft-0[3-6]/u;

/** Bytes → JSON that follows a JSON Schema. Making it throws when the schema is invalid; calling it, when the value does not follow. */
export function jsonSchemaDecoder({ schema, references }: RegisteredSchema): (payload: Buffer) => unknown {
  const parsed = readSchema(schema);
  const draft = String(parsed['$schema'] ?? '');
  const options = { strict: false, validateFormats: false, allErrors: false };
  const ajv = draft.includes('2020-12') ? new Ajv2020(options) : new Ajv(options);
  for (const reference of references) ajv.addSchema(readSchema(reference.schema), reference.name);
  const validate = ajv.compile(parsed);
  return (payload) => {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (validate(value)) return value;
    const [problem] = validate.errors ?? [];
    throw new Error(
      `${problem?.instancePath || 'the value'} ${problem?.message ?? 'does not follow its schema'}`,
    );
  };
}

function readSchema(text: string): AnySchemaObject {
  const schema = JSON.parse(text) as AnySchemaObject;
  if (!OLD_DRAFT.test(String(schema['$schema'] ?? ''))) return schema;
  const { $schema: _, ...rest } = schema;
  return rest;
}
