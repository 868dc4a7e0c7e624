import type { CompiledMapping } from './mapping.js';
import { isRecord } from './message.js';
import { WELL_KNOWN } from './well-known.js';

/** Lists of probabilities that servers put beside a list of predictions. */
const BESIDE = [...WELL_KNOWN.score, ...WELL_KNOWN.scores];
const OWN = ['predictions', 'outputs'];

/** Names of output fields that the mapping gives. */
export function outputColumns({ outputs }: CompiledMapping): readonly string[] {
  return Object.values(outputs).filter((name) => name !== undefined);
}

/**
 * The answer to one row with what stands beside the list of answers: `{"predictions": […], "probabilities": […]}` is one answer a
 * row with both. Names that the mapping gives are taken too.
 */
export function withNeighbours(
  output: unknown,
  response: unknown,
  { row, rows }: { readonly row: number; readonly rows: number },
  mapping: CompiledMapping,
): unknown {
  if (!isRecord(response) || Array.isArray(output)) return output;
  const found = [...BESIDE, ...outputColumns(mapping)].flatMap((name) => {
    const list = Object.hasOwn(response, name) && !OWN.includes(name) ? response[name] : undefined;
    if (!Array.isArray(list)) return [];
    if (list.length === rows) return [[name, list[row] as unknown] as const];
    return rows === 1 ? [[name, list as unknown] as const] : [];
  });
  if (found.length === 0) return output;
  return { ...(isRecord(output) ? output : { predictions: output }), ...Object.fromEntries(found) };
}

/** What a lone 0 or 1 among these answers is: a class number, unless one of them is a fraction or the mapping says otherwise. */
export function loneNumber(outputs: readonly unknown[], { number }: CompiledMapping): 'score' | 'label' {
  if (number !== undefined) return number;
  const isFraction = (value: unknown) => typeof value === 'number' && !Number.isInteger(value);
  const found = outputs.some((each) =>
    Array.isArray(each) || isRecord(each) ? Object.values(each).some(isFraction) : isFraction(each),
  );
  return found ? 'score' : 'label';
}
