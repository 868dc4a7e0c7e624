/** Parses a JSONEachRow answer. */
export async function jsonLines<Row>(stream: AsyncIterable<Uint8Array | string>): Promise<Row[]> {
  const lines = (await textOf(stream)).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}

/** Reads a stream to its end as UTF-8. */
export async function textOf(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
