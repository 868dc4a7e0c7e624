import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runPython } from '../../support/python.js';
import type { StreamTable } from './stream-rows.js';
import type { Alert } from './run-stream.js';

const PROGRAM = fileURLToPath(new URL('stream-peers.py', import.meta.url));
/** Evidently takes a second or two a window. */
const TIMEOUT_MS = 3_600_000;

/** Those who are asked, by the name the Python program knows, and what of theirs judges. */
export const STREAM_PEERS = [
  { peer: 'evidently', who: 'Evidently, DataDriftPreset' },
  { peer: 'nannyml', who: 'NannyML, UnivariateDriftCalculator' },
  { peer: 'river', who: 'river, ADWIN row by row' },
] as const;
export type StreamPeer = (typeof STREAM_PEERS)[number];

const Answer = z.strictObject({
  version: z.string().min(1),
  /** Live windows, counted from the first, and the feature that a peer alerts on. */
  alerts: z.array(z.tuple([z.int().nonnegative(), z.string()])),
});

/** What a peer told of a stream, or why nothing is known. */
export type StreamPeerAnswer =
  { readonly version: string; readonly alerts: readonly Alert[] } | { readonly absent: string };

/** Lets one peer judge a whole stream, window by window, by its own defaults. Absent, slow and broken peers are an answer, never an error. */
export function askPeer(
  { peer }: StreamPeer,
  table: StreamTable,
  { referenceWindows, pythons }: { readonly referenceWindows: number; readonly pythons: readonly string[] },
): StreamPeerAnswer {
  const input = { peer, referenceWindows, ...table };
  const answer = runPython(pythons, { args: [PROGRAM], input, timeoutMs: TIMEOUT_MS });
  if ('missing' in answer) return { absent: answer.missing };
  if ('slow' in answer) return { absent: answer.slow };
  if ('failed' in answer) return { absent: answer.failed };
  const read = Answer.safeParse(answer.value);
  if (!read.success)
    return { absent: `its answer is none (${z.prettifyError(read.error).replaceAll('\n', ' ')})` };
  const alerts = read.data.alerts.map(([window, feature]) => ({ window, feature }));
  return { version: read.data.version, alerts };
}
