import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('reads the layout of JSON from the name, of others from the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-layouts-'));
  const files = {
    'a.jsonl': 'broken',
    'b.NDJSON': '',
    'c.CSV': 'a;b\n1;2',
    'd.txt': '\ufeff{"a":1}',
    'e.json': '{}',
    'f.dat': ' [1]',
    'g.csv': 'PAR1',
  };
  const found = Object.entries(files).map(async ([name, text]) => {
    await writeFile(join(folder, name), text);
    return layoutOf(join(folder, name));
  });
  expect(await Promise.all(found)).toEqual(['ndjson', 'ndjson', 'csv', 'ndjson', 'json', 'json', 'parquet']);
  await writeFile(join(folder, 'h'), '');
  await expect(layoutOf(join(folder, 'h'))).rejects.toThrow(/h is empty/u);
  await rm(folder, { recursive: true });
});
