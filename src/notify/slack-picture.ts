import type { WebClient } from '@slack/web-api';
import type { proxiedFetch } from '../config/proxied-fetch.js';

const LONGEST_UPLOAD_MS = 10_000;

/** Where a picture goes: into the thread of a message. */
interface Thread {
  readonly channel: string;
  readonly ts: string;
}

/**
 * Puts a PNG into the thread of a message: asks for an address, sends the bytes there, and shares the file, as Slack wants uploads since it closed
 * `files.upload`. Needs the scope `files:write`. Throws what Slack or the network answers.
 */
export async function sharePicture(
  { client, fetch }: { readonly client: WebClient; readonly fetch: ReturnType<typeof proxiedFetch> },
  { channel, ts }: Thread,
  png: Buffer,
): Promise<void> {
  const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({
    filename: 'change.png',
    length: png.length,
    alt_text: 'Size of the change window by window, dark while it was there',
  });
  if (url === undefined || id === undefined) throw new Error('Slack gave no address for the picture');
  const sent = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(png),
    signal: AbortSignal.timeout(LONGEST_UPLOAD_MS),
  });
  if (!sent.ok) throw new Error(`Slack took no picture: HTTP ${sent.status}`);
  await client.files.completeUploadExternal({
    files: [{ id, title: 'Window by window' }],
    channel_id: channel,
    thread_ts: ts,
  });
}
