import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowsModel } from './column-role.js';
import { openTable } from './open-table.js';
import { readRows, type RowRules, type TypedRow } from './read-rows.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'tidewatch-tables-'))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const MODEL: RowsModel = { features: {}, protected: [], segments: [] };
let files = 0;

async function read(content: string | Uint8Array, rules: Partial<RowRules> = {}) {
  const file = join(folder, `table-${(files += 1)}`);
  await writeFile(file, content);
  const table = await openTable(file);
  const rows = await readRows(table, { model: MODEL, zone: 'UTC', ...rules });
  const found: TypedRow[] = [];
  for await (const batch of rows.batches()) found.push(...batch.rows);
  await table.close();
  return { rows: found, features: rows.features, remarks: rows.remarks() };
}

/** The values of the one feature of a CSV file with a column `x`. */
async function column(
  cells: readonly string[],
  type?: 'numeric' | 'categorical' | 'boolean',
  delimiter = ',',
) {
  const model = { ...MODEL, features: type ? { x: { type } } : {} };
  const { rows } = await read(['id_of_row', 'x'].join(delimiter) + '\n' + cells.map((cell) => `r${delimiter}${cell}`).join('\n'), { model }); // prettier-ignore
  return rows.map(({ values }) => values[1]);
}

describe('values of a delimited text', () => {
  const table: [string, readonly string[], readonly unknown[], ('numeric' | 'categorical' | 'boolean' | undefined)?, string?][] = [
    ['exponents', ['1e-7', '2.5E+3', '-.5', '3.'], [1e-7, 2500, -0.5, 3]],
    ['decimals after a hundred whole numbers', [...Array.from({ length: 100 }, (_, i) => String(i + 1)), '0.5'], [...Array.from({ length: 100 }, (_, i) => i + 1), 0.5]],
    ['every spelling of nothing', ['1', 'NA', 'n/a', 'NULL', 'None', 'nan', '', '\\N', '<NA>', '#N/A', '"NA"'], [1, ...Array.from({ length: 10 }, () => null)]],
    ['what no number can be is no value', ['1', 'inf', '-Infinity'], [1, null, null]],
    ['leading zeros are names', ['01067', '20095', '80331'], ['01067', '20095', '80331']],
    ['but for a declared number', ['007', '12'], [7, 12], 'numeric'],
    ['decimal commas', ['1,5', '22,25', '3'], [1.5, 22.25, 3], undefined, ';'],
    ['decimal commas with groups', ['1.234,5', '17,25'], [1234.5, 17.25], undefined, ';'],
    ['three digits after the comma, between semicolons', ['1,234', '5,678'], [1.234, 5.678], undefined, ';'],
    ['quoted groups of thousands', ['"1,234.50"', '"12,000"'], [1234.5, 12000]],
    ['booleans in any case', ['True', 'FALSE', 'true'], [true, false, true]],
    ['booleans as they are declared', ['1', '0', 'yes', 'N', 'off', 'T'], [true, false, true, false, false, true], 'boolean'],
    ['numbers as categories where they are declared', ['3', '4', '10'], ['3', '4', '10'], 'categorical'],
    ['as whole numbers, though gaps made them decimals', ['3.0', '', '4.0'], ['3', null, '4'], 'categorical'],
    ['digits of categories stay, each of them', ['9007199254740993', '18446744073709551615'], ['9007199254740993', '18446744073709551615'], 'categorical'],
    ['words among numbers are words', ['1', 'two', '3'], ['1', 'two', '3']],
    ['a word among declared numbers stays one', ['1', 'two', '3'], [1, 'two', 3], 'numeric'],
    ['quoted NA among words is a word', ['north', '"NA"', 'NA'], ['north', 'NA', null]],
    ['quotes, delimiters and lines within quotes', ['"a ""b"", c\nd"', 'e'], ['a "b", c\nd', 'e']],
  ]; // prettier-ignore
  for (const [name, cells, want, type, delimiter] of table)
    it(name, async () => expect(await column(cells, type, delimiter)).toEqual(want));

  it('says what is odd by row, column and value', async () => {
    const model = { ...MODEL, features: { x: { type: 'numeric' as const } } };
    const { remarks } = await read('x,y\n1,2\nabc,3\n', { model });
    expect(remarks).toEqual(['row 2, column "x": "abc" is not a number; it stays a text']);
    const short = await read('x,y,z\n1,2,3\n4,5\n', { model });
    expect(short.remarks).toEqual(['row 2 has 2 of 3 fields: those that are missing count as no value']);
    await expect(read('x,y\n1,2\n', { model, columns: { actual_label: 'truth' } })).rejects.toThrow(
      'there is no column "truth" for actual_label; there are x, y',
    );
    await expect(read('x,y\n1,2,3\n')).rejects.toThrow(/row 1 has 3 fields, the header 2/u);
    await expect(read('x,x\n1,2\n')).rejects.toThrow(/two columns "x"/u);
  });
});

describe('texts', () => {
  const rows = (delimiter: string) =>
    ['ts', 'x', 'city', 'prediction_value'].join(delimiter) + '\r\n' + ['2026-11-01T00:00:00Z', '1.5', 'Köln', '2'].join(delimiter) + '\r\n'; // prettier-ignore
  const utf16 = Buffer.from(rows(','), 'utf16le');
  const forms: [string, string | Uint8Array][] = [
    ['commas', rows(',')],
    ['semicolons', rows(';')],
    ['tabs', rows('\t')],
    ['vertical bars', rows('|')],
    ['line ends of old', rows(',').replaceAll('\r\n', '\r')],
    ['everything quoted', rows(',').replaceAll(/[^,\r\n]+/g, '"$&"')],
    ['blanks after commas', rows(', ')],
    ['a byte order mark', `\ufeff${rows(',')}`],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
    ['UTF-16 without a mark', utf16],
    ['the western code page', Buffer.from(rows(','), 'latin1')],
    ['gzip', gzipSync(rows(','))],
    ['two members of gzip', Buffer.concat([gzipSync(rows(',').slice(0, 40)), gzipSync(rows(',').slice(40))])],
  ];
  for (const [name, content] of forms)
    it(name, async () => {
      const { rows: found, features } = await read(content);
      expect([features, found]).toMatchObject([
        ['x', 'city'],
        [{ number: 1, ts: Date.UTC(2026, 10, 1), values: [1.5, 'Köln'], value: 2 }],
      ]);
    });

  it('tells a file without rows from one without anything', async () => {
    expect((await read('x,y\n')).rows).toEqual([]);
    await expect(read('')).rejects.toThrow(/is empty/u);
    await expect(read(gzipSync('a,b\n1,2\n').subarray(0, 20))).rejects.toThrow(/not whole/u);
  });
});

describe('what columns hold', () => {
  it('takes what an event says of itself for no feature, and declared ones for features', async () => {
    const header = 'prediction_id,model,model_version,environment,ts,age,sex,status,latency_ms,prediction_label,prediction_score,prediction_score_bad,actual_label,label_ts,__index_level_0__'; // prettier-ignore
    const line = '12345678901234567,m,1,production,1764000000,41,F,married,5,good,0.2,0.2,bad,1764000001,0';
    const model = { ...MODEL, features: { status: { type: 'categorical' as const } }, protected: ['sex'] };
    const { rows, features, remarks } = await read(`${header}\n${line}\n`, { model });
    expect(features).toEqual(['age', 'status']);
    expect(rows[0]).toMatchObject({
      id: '12345678901234567', version: '1', values: [41, 'married'], latency: 5, protected: [['sex', 'F']],
      label: 'good', score: 0.2, scores: { bad: 0.2 }, actual: 'bad', labelTs: 1_764_000_001_000, status: null,
    }); // prettier-ignore
    expect(remarks).toEqual(['left out: __index_level_0__']);
  });

  it('takes columns of other names where it is told what they hold', async () => {
    const rules = { columns: { actual_label: 'target', prediction_score: 'y_pred_proba' }, timestamp: 'at' };
    const { rows, features } = await read('at,x,target,y_pred_proba\n2026-11-01,1,1.0,0.25\n', rules);
    expect([features, rows]).toMatchObject([['x'], [{ ts: Date.UTC(2026, 10, 1), actual: 1, score: 0.25 }]]);
  });

  it('takes features, segments and protected attributes from columns of other names', async () => {
    const rules = {
      model: { features: { age: { type: 'numeric' as const } }, protected: ['sex'], segments: ['channel'] },
      columns: { age: 'Alter', sex: 'Geschlecht', channel: 'Kanal', prediction_value: 'Antwort', region: 'Land' },
    };
    for (const file of ['Alter,Geschlecht,Kanal,Antwort,Land\n41,F,web,7,BE\n', '[{"Alter":41,"Geschlecht":"F","Kanal":"web","Antwort":7,"Land":"BE"}]']) {
      const { rows, features } = await read(file, rules);
      expect(features).toEqual(['age', 'region']);
      expect(rows[0]).toMatchObject({ values: [41, 'BE'], protected: [['sex', 'F']], segment: [['channel', 'web']], value: 7 });
    }
    const { features, remarks } = await read('age,Alter\n1,41\n', { columns: { age: 'Alter' } });
    expect([features, remarks]).toEqual([['age'], ['left out: age']]);
    await expect(read('a,b\n1,2\n', { columns: { actual_lable: 'a' } })).rejects.toThrow('did you mean actual_label?');
    await expect(read('a,b\n1,2\n', { columns: { age: 'a', size: 'a' } })).rejects.toThrow(/named for size and for age|named for age and for size/u);
  }); // prettier-ignore

  it('takes a column that is called like a declared segment for that segment, unless it is declared a feature', async () => {
    const model = { ...MODEL, segments: ['region & channel'] };
    const { rows, features, remarks } = await read('x,channel,segment.plan\n1,web,pro\n', { model });
    expect(features).toEqual(['x']);
    expect(rows[0]?.segment).toEqual([['channel', 'web'], ['plan', 'pro']]); // prettier-ignore
    expect(remarks.join()).toMatch(/column "channel" is the segment of that name and no feature.*features: \{ channel/u);
    const declared = { ...model, features: { channel: { type: 'categorical' as const } } };
    expect((await read('x,channel\n1,web\n', { model: declared })).features).toEqual(['x', 'channel']);
  }); // prettier-ignore

  it('understands numbers in the dress of a report where a whole column wears it, and says so', async () => {
    const of = async (cells: readonly string[], features: RowsModel['features'] = {}) => {
      const { rows, remarks } = await read(`k,x\n${cells.map((cell) => `1,"${cell}"`).join('\n')}\n`, { model: { ...MODEL, features } });
      return [rows.map(({ values }) => values[1]), remarks] as const;
    };
    const left = (shown: string) => [`column "x": signs of currencies and marks between thousands are left out: ${shown}`];
    expect(await of(['¥25,189', '¥8,612,283', '900'])).toEqual([[25189, 8612283, 900], left('"¥25,189" is 25189')]);
    expect(await of(['1.234,50 €', '-17,25 €'])).toEqual([[1234.5, -17.25], left('"1.234,50 €" is 1234.5')]);
    expect(await of(['EUR 5', 'EUR 7.5'])).toEqual([[5, 7.5], left('"EUR 5" is 5')]);
    expect(await of(["1'234.5", "12'000"])).toEqual([[1234.5, 12000], left('"1\'234.5" is 1234.5')]);
    expect(await of(['89%', '7 %'])).toEqual([[0.89, 0.07], ['column "x": numbers with % are read as shares: "89%" is 0.89']]);
    expect((await of(['89%', '0.4']))[0]).toEqual(['89%', '0.4']);
    expect((await of(['$5', '€7']))[1].join()).toMatch(/column "x" stays words, though 100 % of it look like numbers: its numbers have several marks \(\$, €\); write features/u);
    expect((await of(['110 001', '560 034']))[0]).toEqual(['110 001', '560 034']);
    expect((await of(['5', '6', '7', 'on request']))[1].join()).toMatch(/column "x" stays words, though 75 % .*row 4, column "x": "on request" is not a number; write features: \{ x: \{ type: numeric \} \}/u);
    expect(await of(['$5', 'free'], { x: { type: 'numeric' } })).toEqual([[5, 'free'], [...left('"$5" is 5'), 'row 2, column "x": "free" is not a number; it stays a text']]);
  }); // prettier-ignore

  it('takes from the other numbers of a file, or of the column, what a mark before three digits means', async () => {
    const of = async (text: string) => {
      const { rows, remarks } = await read(text);
      return [rows.map(({ values }) => values[0]), remarks.filter((line) => line.startsWith('column "x"')).join()] as const;
    };
    const seen = 'as the other numbers of the file suggest';
    expect(await of('x\tq\n$912\t1.72\n$1,516\t5.26\n')).toEqual([[912, 1516], 'column "x": signs of currencies and marks between thousands are left out: "$1,516" is 1516']);
    expect(await of('x;q\n1,516;0.85\n2,912;0.9\n')).toEqual([[1516, 2912], `column "x": "1,516" is read as 1516, ${seen}`]);
    expect(await of('x;q\n912 €;4,59\n1.516 €;7,67\n')).toEqual([[912, 1516], expect.stringContaining('"1.516 €" is 1516')]);
    expect(await of('x;q\n912;4,59\n1.516;7,67\n')).toEqual([[912, 1516], `column "x": "1.516" is read as 1516, ${seen}`]);
    // nothing else in the file: 912 beside 1,516 says it
    expect((await of('x;q\n912;a\n1,516;b\n'))[0]).toEqual([912, 1516]);
    expect((await of('x;q\n￥912;a\n￥1,516;b\n'))[0]).toEqual([912, 1516]);
    expect((await of('x;q\n¥25,189;4,59\nJPY 1;7,67\n'))[0]).toEqual(['¥25,189', 'JPY 1']);
    expect((await of('x;q\nJPY 25,189;4,59\n'))[0]).toEqual([25189]);
    expect((await of('x;q\n1,459 €;4,59\n'))[0]).toEqual([1.459]);
    expect((await of('x;q\n0,516;a\n1,516;b\n'))[0]).toEqual([0.516, 1.516]);
    expect((await of('x;q\n1.516;a\n0.912;b\n'))[0]).toEqual([1.516, 0.912]);
    expect((await of('x,q\n1.516,a\n12.5,b\n'))[0]).toEqual([1.516, 12.5]);
  }); // prettier-ignore

  it('reads money as it is written in India, in book-keeping and in wide digits', async () => {
    const of = async (cells: readonly string[]) =>
      (await read(`x\tk\n${cells.map((cell) => `${cell}\t1`).join('\n')}\n`)).rows.map(({ values }) => values[0]);
    expect(await of(['₹ 12,017.42', '₹ 2,39,283.70', '₹ 1,00,00,000'])).toEqual([12017.42, 239283.7, 10000000]);
    expect(await of(['Rs. 1,23,456.78', 'Rs. 912'])).toEqual([123456.78, 912]);
    expect(await of(['US$ 5,676.51', 'US$ 912'])).toEqual([5676.51, 912]);
    expect(await of(['5,676円', '912円'])).toEqual([5676, 912]);
    expect(await of(['5,676,-', '912,-'])).toEqual([5676, 912]);
    expect(await of(['(7,848.04)', '1,668.35'])).toEqual([-7848.04, 1668.35]);
    expect(await of(['1668.35-', '12.50'])).toEqual([-1668.35, 12.5]);
    expect(await of(['\u221212.5', '3.25'])).toEqual([-12.5, 3.25]);
    expect(await of(['１２３', '４５'])).toEqual([123, 45]);
    // names stay names
    expect(await of(['(1)', '(2)'])).toEqual(['(1)', '(2)']);
    expect(await of(['90-', '80-'])).toEqual(['90-', '80-']);
  }); // prettier-ignore

  it('says how many values of a declared column are not what it is declared, and where none is', async () => {
    const model = { ...MODEL, features: { x: { type: 'numeric' as const } } };
    const of = async (cells: readonly string[]) => (await read(`k,x\n${cells.map((cell) => `1,"${cell}"`).join('\n')}\n`, { model })).remarks;
    expect(await of(['1', 'a', 'b', 'c'])).toEqual(['row 2, column "x": "a" is not a number; it stays a text (as are 2 more of 4)']);
    expect(await of(['a', 'b'])).toEqual(['column "x": none of its 2 values is a number, as row 1, column "x": "a" shows: nothing of it can be watched as one']);
  }); // prettier-ignore

  it('reads scores by class as JSON or as Python prints them, and says where there are none', async () => {
    const of = async (cells: readonly string[]) => {
      const { rows, remarks } = await read(`k\tprediction_scores\n${cells.map((cell) => `1\t${cell}`).join('\n')}\n`);
      return [rows.map(({ scores }) => scores), remarks.filter((line) => line.includes('scores'))];
    };
    expect(await of([`{'cat': 0.7, 'dog': 0.3}`, '{"cat":0.1}', '[["cat",0.2]]'])).toEqual([[{ cat: 0.7, dog: 0.3 }, { cat: 0.1 }, { cat: 0.2 }], []]);
    const none = 'row 2, column "prediction_scores": "hello" has no scores by class: write {"class": 0.7, …}';
    expect(await of(['{"cat":0.1}', 'hello', '[0.2,0.8]'])).toEqual([[{ cat: 0.1 }, null, null], [none]]);
  }); // prettier-ignore

  it('takes the first line of a spreadsheet that says what divides fields', async () => {
    const { rows, features } = await read('\ufeffsep=;\r\nx;y\r\n1,5;2\r\n3,25;4\r\n');
    expect(features).toEqual(['x', 'y']);
    expect(rows.map(({ number, values }) => [number, ...values])).toEqual([[1, 1.5, 2], [2, 3.25, 4]]); // prettier-ignore
  });

  it('refuses what is no text by what it is, and prints nothing of it', async () => {
    await expect(read(Buffer.from('ARROW1\0\0rest'))).rejects.toThrow(/is an Arrow \(Feather\) file: save its table/u);
    await expect(read(Buffer.from([0x80, 0x01, 0x02, 0xff, 0x0a, 0x41]))).rejects.toThrow(/is neither text nor Parquet/u);
    await expect(openTable('/dev/zero')).rejects.toThrow('/dev/zero is a device or a pipe: name a file');
    if (process.platform === 'linux') await expect(openTable('/proc/self/environ')).rejects.toThrow('/proc/self/environ is empty');
  }); // prettier-ignore

  it('names row, column and value of an answer that is no number, and of a column that has none', async () => {
    const read1 = await read('ts,prediction_value\n1764000000000,5\n1764000000000,abc\n');
    expect(read1.remarks).toEqual(['row 2, column "prediction_value": "abc" is not a number']);
    const file = join(folder, 'none.csv');
    await writeFile(file, 'ts,betrag\n1,abc\n1,def\n');
    const rows = await readRows(await openTable(file), { model: MODEL, zone: 'UTC', columns: { prediction_value: 'betrag' } });
    expect(rows.problems).toEqual(['row 1, column "betrag": "abc" is not a number, and no row of it has one']);
  }); // prettier-ignore

  it('reads yes and no in other languages as declared, and says that they stay words where nobody declares them', async () => {
    const csv = 'k,x\n1,ja\n1,Nein\n';
    const declared = { ...MODEL, features: { x: { type: 'boolean' as const } } };
    expect((await read(csv, { model: declared })).rows.map(({ values }) => values[1])).toEqual([true, false]);
    const { rows, remarks } = await read(csv);
    expect(rows.map(({ values }) => values[1])).toEqual(['ja', 'Nein']);
    expect(remarks.join()).toMatch(/column "x" holds words for yes and no, such as "ja".*features: \{ x: \{ type: boolean \} \}/u);
    expect((await read(csv, { columns: { employed: 'x' } })).remarks.join()).toContain('features: { employed: { type: boolean } }');
    expect((await read('[{"x":"oui"},{"x":"non"}]')).remarks.join()).toMatch(/words for yes and no/u);
  }); // prettier-ignore

  it('reads dates in the order that one of them shows, and none where two contradict each other', async () => {
    const { rows, remarks } = await read('ts,x\n11/12/2026,1\n11/25/2026 07:04 PM,2\n');
    expect(rows.map(({ ts }) => ts)).toEqual([Date.UTC(2026, 10, 12), Date.UTC(2026, 10, 25, 19, 4)]);
    expect(remarks).toContain('column "ts": the month comes first in its dates, as some of them show');
    expect((await read('ts,x\n25/11/2026,1\n11/25/2026,2\n')).rows.map(({ ts }) => ts)).toEqual([null, null]);
  });

  it('reads events, nested or by dotted columns, and leaves out lists and structs by name', async () => {
    const event = {
      type: 'prediction', prediction_id: 1234567890123456789n, ts: 1_764_000_000_000, features: { 'a.b': 1, emb: [1, 2], off: false, none: null },
      prediction: { label: 'x', scores: { x: 0.7, y: 0.3 } }, protected: { sex: 'F' }, extra: 5,
    }; // prettier-ignore
    const text = JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? 'BIG' : value)).replace('"BIG"', '1234567890123456789'); // prettier-ignore
    const nested = await read(
      `${text}\n${JSON.stringify({ type: 'label', prediction_id: 'a', ts: 1, label: true })}\n`,
    );
    expect(nested.features).toEqual(['a.b', 'off', 'none']);
    expect(nested.rows[0]).toMatchObject({ id: '1234567890123456789', values: [1, false, null], scores: { x: 0.7, y: 0.3 } }); // prettier-ignore
    expect(nested.rows[1]).toMatchObject({
      id: 'a',
      actual: true,
      values: [undefined, undefined, undefined],
    });
    expect(nested.remarks).toEqual(['column "emb" holds lists: it is no feature']);
    const dotted = await read('ts,features.age,prediction.value,other\n1764000000,4,7,8\n');
    expect([dotted.features, dotted.rows[0]?.value]).toEqual([['age'], 7]);
    expect((await read('[{"x": 1}, {"x": NaN}]')).rows.map(({ values }) => values)).toEqual([[1], [null]]);
  });

  it('writes labels that are booleans as the model does', async () => {
    const said = async (positive: string | undefined, text: string) =>
      (await read(text, { model: { ...MODEL, positive } })).rows.map(({ actual }) => actual);
    const csv = 'x,actual_label\n1,True\n2,False\n';
    expect(await said('True', csv)).toEqual(['True', 'False']);
    expect(await said('true', csv)).toEqual(['true', 'false']);
    expect(await said('1', csv)).toEqual(['1', '0']);
    expect(await said('bad', csv)).toEqual(['True', 'False']);
    expect(await said('yes', '{"actual_label":true}\n{"actual_label":false}')).toEqual(['yes', 'no']);
  });
});
