import type { Database } from '../../../src/store/database.js';
import { CalmModel } from '../detection/calm/calm-model.js';
import { PEER_RULES, type PeerRule, Peers } from '../detection/peers.js';
import type { StreamKind } from './stream-kinds.js';
import { askPeer, STREAM_PEERS, type StreamPeer } from './stream-peer.js';
import { readStream, type StreamTable } from './stream-rows.js';

const DAY = 86_400_000;

/** What one rule did on one stream. */
export interface Verdict {
  /** Windows before the change in which something is told. */
  readonly calm: number;
  /** Windows from its beginning until something that changed was told; Infinity where nothing was. */
  readonly delay: number;
  /** Features that did not change and were told after it. */
  readonly blamed: readonly string[];
}

export interface StreamResult {
  readonly name: string;
  readonly features: number;
  /** Mean rows of a live window. */
  readonly rows: number;
  readonly calmDays: number;
  readonly engine: Verdict;
  readonly rules: Readonly<Record<PeerRule, Verdict>>;
  /** Of the products themselves, by what of theirs judges; why nothing is known of one that is not here. */
  readonly products: Readonly<Record<StreamPeer['who'], ProductVerdict>>;
}

export type ProductVerdict = (Verdict & { readonly version: string }) | { readonly absent: string };

/** Something told of a feature in a window after the reference; `''` is about all rows. */
export interface Alert {
  readonly window: number;
  readonly feature: string;
}

/** Where a stream lies, and the interpreters that may have the products that judge it too. */
interface Places {
  readonly folder: string;
  readonly pythons: readonly string[];
}

/** Reads a public table, monitors it, and holds what was told against what is known of it. */
export async function runStream(
  database: Database,
  kind: StreamKind,
  { folder, pythons }: Places,
): Promise<StreamResult> {
  const referenceWindows = (kind.liveFrom - kind.referenceFrom) / kind.windowMs;
  const byRule = new Map<PeerRule, Alert[]>(PEER_RULES.map((rule) => [rule, []]));
  const numbered = new Map<string, number>();
  const windowsInMonth = (30 * DAY) / kind.windowMs;
  const peers = new Peers(referenceWindows, windowsInMonth, (feature, rule, window) => {
    const name = [...numbered].find(([, number]) => number === feature)?.[0] ?? '';
    byRule.get(rule)?.push({ window, feature: name });
  });
  let [rows, windows] = [0, 0];
  const saw = (name: string, t: number, values: Float64Array) => {
    if (!numbered.has(name)) numbered.set(name, numbered.size);
    if (t >= referenceWindows) [rows, windows] = [rows + values.length, windows + 1];
    if (values.length > 0) peers.watch(numbered.get(name) ?? 0, t, values);
  };
  const stream = await readStream(database, kind, { folder, saw });
  const model = new CalmModel(stream, 1);
  const pages = model.pages().map(({ from, series }): Alert => {
    const window = Math.round((from.getTime() - kind.liveFrom) / kind.windowMs);
    return { window, feature: series.split('|')[1] ?? '' };
  });
  const onset = Math.floor((kind.changesAt - kind.liveFrom) / kind.windowMs);
  const verdict = (alerts: readonly Alert[]) =>
    verdictOf(
      alerts.filter(({ feature }) => !kind.faulty?.includes(feature)),
      onset,
      kind.changed,
    );
  return {
    name: kind.name,
    features: stream.names.length,
    rows: rows / Math.max(1, windows),
    calmDays: (kind.changesAt - kind.liveFrom) / DAY,
    engine: verdict(pages),
    rules: Object.fromEntries(PEER_RULES.map((rule) => [rule, verdict(byRule.get(rule) ?? [])])) as StreamResult['rules'], // prettier-ignore
    products: productsOn(stream.table, { referenceWindows, pythons }, verdict),
  };
}

function productsOn(
  table: StreamTable,
  terms: { readonly referenceWindows: number; readonly pythons: readonly string[] },
  verdict: (alerts: readonly Alert[]) => Verdict,
): StreamResult['products'] {
  const verdicts = STREAM_PEERS.map((peer): [StreamPeer['who'], ProductVerdict] => {
    const said = askPeer(peer, table, terms);
    return [peer.who, 'absent' in said ? said : { ...verdict(said.alerts), version: said.version }];
  });
  return Object.fromEntries(verdicts) as StreamResult['products'];
}

/** What alerts say of a stream in which some features change from one window on: rules alert window by window, the engine where a series begins to. */
export function verdictOf(alerts: readonly Alert[], onset: number, changed: readonly string[]): Verdict {
  const after = alerts.filter(({ window }) => window >= onset);
  const found = after.filter(({ feature }) => changed.includes(feature)).map(({ window }) => window);
  const innocent = after.filter(({ feature }) => feature !== '' && !changed.includes(feature));
  return {
    calm: new Set(alerts.map(({ window }) => window).filter((window) => window < onset)).size,
    delay: found.length === 0 ? Infinity : Math.min(...found) - onset + 1,
    blamed: [...new Set(innocent.map(({ feature }) => feature))],
  };
}
