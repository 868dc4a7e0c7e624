import { setImmediate as turn } from 'node:timers/promises';

/** Characters that are parsed in one step: a few milliseconds. */
const AT_ONCE = 2 ** 18;

/** Parses a JSONEachRow answer; a long one step by step, so that others get their turn. */
export async function jsonLines<Row>(stream: AsyncIterable<Uint8Array | string>): Promise<Row[]> {
  const text = await textOf(stream);
  const rows: Row[] = [];
  let pause = AT_ONCE;
  for (let from = 0; from < text.length;) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    if (end > from) rows.push(JSON.parse(text.slice(from, end)) as Row);
    from = end + 1;
    if (from < pause) continue;
    pause = from + AT_ONCE;
    await turn();
  }
  return rows;
}

/** Reads a stream to its end as UTF-8. */
export async function textOf(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
