import protobuf from 'protobufjs';
import { FormatError } from './format-error.js';
import { tensorCells } from './tensor-cells.js';

const parameters = { keyType: 'string', type: 'InferParameter', id: 4 } as const;
const tensorFields = {
  name: { type: 'string', id: 1 },
  datatype: { type: 'string', id: 2 },
  shape: { rule: 'repeated', type: 'int64', id: 3 },
  parameters,
  contents: { type: 'InferTensorContents', id: 5 },
};
const callFields = {
  modelName: { type: 'string', id: 1 },
  modelVersion: { type: 'string', id: 2 },
  id: { type: 'string', id: 3 },
  parameters,
};
const list = (type: string, id: number) => ({ rule: 'repeated', type, id });

/** The two messages of the Open Inference Protocol's gRPC form (field numbers of its open_inference_grpc.proto). */
const ROOT = protobuf.Root.fromJSON({
  nested: {
    InferParameter: {
      fields: {
        boolParam: { type: 'bool', id: 1 },
        int64Param: { type: 'int64', id: 2 },
        stringParam: { type: 'string', id: 3 },
        doubleParam: { type: 'double', id: 4 },
        uint64Param: { type: 'uint64', id: 5 },
      },
    },
    InferTensorContents: {
      fields: {
        bool: list('bool', 1),
        int32: list('int32', 2),
        int64: list('int64', 3),
        uint32: list('uint32', 4),
        uint64: list('uint64', 5),
        fp32: list('float', 6),
        fp64: list('double', 7),
        bytes: list('bytes', 8),
      },
    },
    Tensor: { fields: tensorFields },
    ModelInferRequest: {
      fields: { ...callFields, tensors: list('Tensor', 5), raw: list('bytes', 7) },
    },
    ModelInferResponse: {
      fields: { ...callFields, tensors: list('Tensor', 5), raw: list('bytes', 6) },
    },
  },
});

interface Decoded {
  readonly modelName?: string;
  readonly modelVersion?: string;
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tensors?: readonly DecodedTensor[];
  readonly raw?: readonly Uint8Array[];
}

interface DecodedTensor {
  readonly name?: string;
  readonly datatype?: string;
  readonly shape?: readonly number[];
  readonly contents?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * A protobuf ModelInferRequest or ModelInferResponse → the same call in the protocol's JSON form, with tensors flat. Reads
 * typed contents and raw ones. Throws FormatError `undecodable` when the bytes are no such message.
 */
export function readInferProto(
  bytes: Uint8Array,
  side: 'request' | 'response',
): Readonly<Record<string, unknown>> {
  const type = ROOT.lookupType(side === 'request' ? 'ModelInferRequest' : 'ModelInferResponse');
  const decoded = decode(type, bytes);
  const { modelName = '', modelVersion = '', id = '', tensors = [], raw = [] } = decoded;
  if (tensors.length === 0)
    throw new FormatError('undecodable', `the protobuf bytes are no ${type.name}, or one without tensors`);
  if (raw.length > 0 && raw.length !== tensors.length)
    throw new FormatError('undecodable', `${raw.length} raw contents for ${tensors.length} tensors`);
  const values = tensors.map(({ name = '', datatype = '', shape = [], contents = {} }, i) => ({
    name,
    datatype,
    shape,
    data: tensorCells({ name, datatype, contents, raw: raw[i] ?? null }),
  }));
  const parametersJson = Object.fromEntries(
    Object.entries(decoded.parameters ?? {}).map(([key, choice]) => [key, Object.values(choice)[0]]),
  );
  return {
    ...(modelName === '' ? {} : { model_name: modelName }),
    ...(modelVersion === '' ? {} : { model_version: modelVersion }),
    ...(id === '' ? {} : { id }),
    parameters: parametersJson,
    [side === 'request' ? 'inputs' : 'outputs']: values,
  };
}

function decode(type: protobuf.Type, bytes: Uint8Array): Decoded {
  try {
    return type.toObject(type.decode(bytes), { longs: Number }) as Decoded;
  } catch (cause) {
    throw new FormatError('undecodable', `the bytes are no protobuf ${type.name}: ${String(cause)}`, {
      cause,
    });
  }
}
