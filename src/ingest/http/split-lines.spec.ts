import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_EVENT_BYTES } from '../landing/landing-columns.js';
import { splitLines } from './split-lines.js';

async function* pieces(body: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (let i = 0; from < body.length; i += 1) {
    const to = from + (sizes[i % sizes.length] ?? 1);
    yield body.subarray(from, to);
    from = to;
  }
}

async function lines(body: Buffer, sizes: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for await (const group of splitLines(pieces(body, sizes)))
    found.push(...group.map((line) => line.toString('latin1')));
  return found;
}

it('loses no line whose beginning is blank for longer than an event may be', async () => {
  const body = Buffer.from(`${' '.repeat(MAX_EVENT_BYTES + 10)}{}\n \n{}`);
  expect((await lines(body, [100_000])).map((line) => line.length)).toEqual([MAX_EVENT_BYTES + 1, 2]);
});

it('gives the same lines however the body is cut, blank ones left out', async () => {
  const body = fc.array(fc.constantFrom('{"a":1}', '', ' \t\r', 'x', '{', 'é', '\r'), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (parts, sizes, closed) => {
        const text = Buffer.from(parts.join('\n') + (closed ? '\n' : ''));
        const expected = text
          .toString('latin1')
          .split('\n')
          .filter((line) => /[^ \t\r]/u.test(line));
        expect(await lines(text, sizes)).toEqual(expected);
      },
    ),
  );
});

it('cuts a line that no event may have just beyond the limit', async () => {
  const long = Buffer.alloc(5 * MAX_EVENT_BYTES, 'x');
  const found = await lines(Buffer.concat([Buffer.from('{}\n'), long, Buffer.from('\n{"b":1}')]), [65_536]);
  expect(found.map((line) => line.length)).toEqual([2, MAX_EVENT_BYTES + 1, 7]);
});
