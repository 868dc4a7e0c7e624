import protobuf from 'protobufjs';
import { plainValue } from './plain-value.js';
import type { RegisteredSchema } from './schema-registry.js';

/**
 * Bytes and a message's path → JSON by a .proto file. Making it throws when a file is invalid or imports what is not there;
 * calling it, when the bytes do not follow the message. Fields keep the names of the file.
 */
export function protobufDecoder({
  schema,
  references,
}: RegisteredSchema): (payload: Buffer, path: readonly number[]) => unknown {
  const root = new protobuf.Root();
  for (const text of [...references.map((each) => each.schema), schema]) addFile(root, text);
  root.resolveAll();
  const own = new protobuf.Root();
  const { package: name } = protobuf.parse(schema, own, { keepCase: true });
  const scope = name === undefined ? own : own.lookup(name);
  return (payload, path) => {
    const type = root.lookupType(messageName(scope, path));
    const message = type.decode(payload);
    return plainValue(type.toObject(message, { enums: String, bytes: Buffer, defaults: true }));
  };
}

/** The full name of a message by its position in the file, then within that message, and so on. */
function messageName(scope: protobuf.ReflectionObject | null, path: readonly number[]): string {
  let found = scope;
  for (const index of path) {
    const types =
      found instanceof protobuf.Namespace
        ? found.nestedArray.filter((each) => each instanceof protobuf.Type)
        : [];
    found = types[index] ?? null;
  }
  if (found instanceof protobuf.Type) return found.fullName;
  throw new Error(`the schema has no message at position ${path.join('.')}`);
}

function addFile(root: protobuf.Root, text: string): void {
  const { imports = [] } = protobuf.parse(text, root, { keepCase: true });
  for (const path of imports) {
    const known = protobuf.common.get(path);
    if (known?.nested) root.addJSON(known.nested);
  }
}
