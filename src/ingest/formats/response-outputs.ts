import { FormatError } from './format-error.js';
import { isRecord } from './message.js';
import { columnRows } from './request-rows.js';
import { namedRows, seldonContent } from './seldon-message.js';
import { areTensors, readTensors, tensorRows } from './tensors.js';

/**
 * A response body → one output for each of `rows` rows: Open Inference V2 (`outputs` of tensors), V1 and MLflow
 * (`predictions`, a list or columns), a bare list, or for a single row anything else. Throws FormatError when the counts differ.
 */
export function responseOutputs(body: unknown, rows: number): readonly unknown[] {
  const found = outputsOf(body, rows);
  if (found.length === rows) return found;
  throw new FormatError(
    'undecodable',
    `the response has ${found.length} outputs and the request ${rows} rows`,
  );
}

function outputsOf(body: unknown, rows: number): readonly unknown[] {
  if (isRecord(body)) {
    if (areTensors(body['outputs'])) return tensorRows(readTensors(body['outputs']));
    const seldon = seldonContent(body);
    if (seldon) return seldon.kind === 'rows' ? namedRows(seldon) : outputsOf(seldon.value, rows);
    for (const key of ['predictions', 'outputs']) if (body[key] !== undefined) return listed(body[key], rows);
  }
  return listed(body, rows);
}

function listed(value: unknown, rows: number): readonly unknown[] {
  // one row whose answer is itself a vector is not a list of answers
  if (Array.isArray(value)) return rows === 1 && value.length > 1 ? [value] : value;
  const columns = isRecord(value) ? columnRows(value) : null;
  return columns?.length === rows ? columns : [value];
}
