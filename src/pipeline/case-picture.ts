import { featureText } from '../domain/feature-text.js';
import type { CaseMessage } from '../domain/case-message.js';
import { drawnStatistic, factsOf } from '../domain/incident-facts.js';
import { effectAxis, MEAN } from '../domain/statistic-text.js';
import { words } from '../domain/wording.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { pictureCaption, trendPicture, type TrendPoint, type TrendStretch } from '../notify/trend-picture.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { withTrueMeans, type TrendSources } from './mean-trend.js';
import type { Stages } from './stages.js';

/** So many windows fit into a picture. */
const WINDOWS = 120;

/** The leading finding of a case window by window, as a PNG, on the scale on which its text says how large it is; null where it has no size to draw. */
export async function casePicture(
  sources: TrendSources & Pick<Stages, 'incidents'>,
  message: CaseMessage,
): Promise<Buffer | null> {
  const leading = message.findings[0];
  if (!leading || leading.effect === null || message.since === null) return null;
  const incident = sources.incidents.find(leading.incidentId);
  const { model, version } = incident?.signal ?? message;
  const since = message.state === 'CLOSED' ? message.since : (leading.since ?? message.since);
  const lastAt = new Date(leading.seen?.to ?? since);
  const statistic = incident ? drawnStatistic(incident) : leading.statistic;
  return findingPicture(sources, { ...leading, statistic, model, version, onset: new Date(since), lastAt });
}

/** What is drawn: a statistic of a check, and since when it is off. */
interface Drawn extends TrendStretch {
  readonly model: string;
  readonly version: string;
  readonly check: string;
  readonly feature: string | null;
  readonly segment: string;
  readonly statistic: string;
}

/** A finding window by window, as a PNG; null where there are fewer than two windows to draw. */
async function findingPicture(sources: TrendSources, drawn: Drawn): Promise<Buffer | null> {
  const axis = effectAxis(drawn.check, drawn.statistic);
  const { feature, check, segment, model, version } = drawn;
  const what = `${feature === null ? words(check) : featureText(feature)}${segment === '' ? '' : ` [${segment}]`}`;
  const unit = pictureCaption({ model, version, what }, axis.unit);
  return trendPicture(await drawnTrend(sources, drawn, drawn), drawn, { ...axis, unit });
}

/** The windows of a finding, as they are drawn. */
export async function findingTrend(
  sources: TrendSources,
  incident: IncidentRecord,
): Promise<readonly TrendPoint[]> {
  const drawn = { ...incident.signal, statistic: drawnStatistic(incident) };
  return drawnTrend(sources, drawn, factsOf(incident.course));
}

/** The windows of a picture on its scale: those of the true mean, which is no judged statistic, are read from the minutes of the windows in which the level was judged. */
export async function drawnTrend(
  sources: TrendSources,
  drawn: Omit<Drawn, keyof TrendStretch>,
  stretch: TrendStretch,
): Promise<readonly TrendPoint[]> {
  const { database } = sources;
  if (drawn.statistic !== MEAN) return readTrend(database, drawn, stretch);
  return withTrueMeans(
    sources,
    drawn,
    await readTrend(database, { ...drawn, statistic: 'location' }, stretch),
  );
}

/** How large a finding was, oldest first: in the windows of a stretch and some on either side of it, of a long one in those of each part that show most. */
export async function readTrend(
  database: Database,
  { model, version, check, feature, segment, statistic }: Omit<Drawn, keyof TrendStretch>,
  { onset, lastAt }: TrendStretch,
): Promise<readonly TrendPoint[]> {
  const named = { model, version, check, feature: feature ?? '', segment, statistic };
  const read = async (condition: string, order: 'ASC' | 'DESC', limit: number) =>
    database.query<{ at: number; value: number | null }>(
      `SELECT toUnixTimestamp(window_from) * 1000 AS at, effect AS value FROM v_check_results
       WHERE model = {model:String} AND version = {version:String} AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String} AND statistic = {statistic:String}
         AND ${condition} ORDER BY window_from ${order} LIMIT {limit:UInt32}`,
      { params: { ...named, limit, from: sqlSecond(onset), to: sqlSecond(lastAt) } },
    );
  const before = await read('window_from < {from:DateTime64(3)}', 'DESC', BESIDE);
  const during = await read('window_from >= {from:DateTime64(3)} AND window_from < {to:DateTime64(3)}', 'ASC', LONGEST); // prettier-ignore
  const after = await read('window_from >= {to:DateTime64(3)}', 'ASC', BESIDE);
  return [...before.toReversed(), ...strongestOf(during), ...after].map(({ at, value }) => ({ at: new Date(at), value })); // prettier-ignore
}

/** Windows on either side of what is drawn, and the most that are read of it. */
const BESIDE = 30;
const LONGEST = 5_000;

/** As many as fit: of each part of the stretch the one that shows most. */
function strongestOf<Point extends { readonly value: number | null }>(
  points: readonly Point[],
): readonly Point[] {
  const size = Math.ceil(points.length / WINDOWS);
  const parts = Array.from({ length: Math.ceil(points.length / Math.max(1, size)) }, (_, i) =>
    points.slice(i * size, (i + 1) * size),
  );
  return parts.map((part) =>
    part.reduce((a, b) => (Math.abs(b.value ?? 0) > Math.abs(a.value ?? 0) ? b : a)),
  );
}
