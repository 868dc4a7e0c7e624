import { expect, it } from 'vitest';
import { formatArgument, layoutOf } from './replay-formats.js';

it('takes a layout, whose messages, or both, and lists what there is otherwise', () => {
  expect(formatArgument('csv')).toEqual({ file: 'csv', wire: null });
  expect(formatArgument('csv,record')).toEqual({ file: 'csv', wire: 'record' });
  expect(formatArgument('sagemaker', formatArgument('ndjson'))).toEqual({
    file: 'ndjson',
    wire: 'sagemaker',
  });
  expect(() => formatArgument('avro')).toThrow(/no format "avro"; files are ndjson, .*messages .*kserve/u);
});

it('reads the layout from the name', () => {
  expect(['a.jsonl', 'b.NDJSON.gz', 'c.csv.gz', 'd.parquet', 'e.json'].map(layoutOf)).toEqual([
    'ndjson',
    'ndjson',
    'csv',
    'parquet',
    'json',
  ]);
  expect(() => layoutOf('events.txt')).toThrow(/events\.txt: say its format with --format/u);
});
