import { setTimeout as pause } from 'node:timers/promises';
import { featureText } from '../domain/feature-text.js';
import type { CaseMessage } from '../domain/case-message.js';
import { drawnStatistic, factsOf } from '../domain/incident-facts.js';
import { effectAxis, MEAN, MIX, statisticText } from '../domain/statistic-text.js';
import { words } from '../domain/wording.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { pictureCaption, trendPicture, type Trend, type TrendPoint, type TrendStretch } from '../notify/trend-picture.js'; // prettier-ignore
import { withTrueMeans, type TrendSources } from './mean-trend.js';
import { isStoredTo, readTrend, type Drawn } from './read-trend.js';
import { shareTrend } from './share-trend.js';
import { isOfRows, rowsTrend } from './rows-trend.js';
import type { Stages } from './stages.js';

/** The leading finding of a case window by window, as a PNG, on the scale and up to the window of which its text says how large it is; null where it has no size to draw. */
export async function casePicture(
  sources: TrendSources & Pick<Stages, 'incidents'>,
  message: CaseMessage,
): Promise<Buffer | null> {
  const leading = message.findings[0];
  if (!leading || (leading.effect === null && !isOfRows(leading.check)) || message.since === null) return null; // prettier-ignore
  const incident = sources.incidents.find(leading.incidentId);
  const { model, version } = incident?.signal ?? message;
  const since = message.state === 'CLOSED' ? message.since : (leading.since ?? message.since);
  const { seen, told } = leading;
  const statistic = told ?? (incident ? drawnStatistic(incident) : leading.statistic);
  const stretch = {
    onset: new Date(since),
    lastAt: new Date(seen?.to ?? since),
    ...(seen?.judged === undefined ? {} : { until: new Date(seen.judged) }),
  };
  return findingPicture(sources, { ...leading, statistic, model, version }, stretch);
}

/** How long a picture waits for windows that its text speaks of, each time, milliseconds. */
const STORED_WITHIN = [100, 400, 1_000, 2_500] as const;

/** A finding window by window, as a PNG; null where there are fewer than two windows to draw, or not all that its text speaks of. */
async function findingPicture(sources: TrendSources, drawn: Drawn, stretch: TrendStretch): Promise<Buffer | null> {
  if (!isOfRows(drawn.check) && !(await isStoredSoon(sources, drawn, stretch))) return null;
  const { points, axis } = await trendOf(sources, drawn, stretch);
  const { feature, check, segment, model, version, statistic } = drawn;
  const what = `${feature === null ? words(check) : featureText(feature)}${segment === '' ? '' : ` [${segment}]`}`;
  const unit = statistic.startsWith(MIX) ? `${statisticText(statistic)}, ${axis.unit}` : axis.unit;
  const { until } = stretch;
  // What was judged after the message was made is none of it.
  const told = until === undefined ? points : points.filter(({ at }) => at < until);
  return trendPicture({ points: told, axis }, stretch, pictureCaption({ model, version, what }, unit));
} // prettier-ignore

/** Messages are made of the ledger, which is written before what was judged is stored: a picture that ends before its text would contradict it. */
async function isStoredSoon(
  { database }: TrendSources,
  drawn: Drawn,
  { lastAt }: TrendStretch,
): Promise<boolean> {
  for (const ms of STORED_WITHIN) {
    if (await isStoredTo(database, drawn, lastAt)) return true;
    await pause(ms);
  }
  return isStoredTo(database, drawn, lastAt);
}

/** The windows of a finding, as they are drawn. */
export async function findingTrend(sources: TrendSources, incident: IncidentRecord): Promise<Trend> {
  const drawn = { ...incident.signal, statistic: drawnStatistic(incident) };
  return trendOf(sources, drawn, { ...factsOf(incident.course), until: incident.lastWindowTo });
}

async function trendOf(sources: TrendSources, drawn: Drawn, stretch: TrendStretch): Promise<Trend> {
  if (isOfRows(drawn.check)) return rowsTrend(sources, drawn, stretch);
  if (drawn.statistic.startsWith(MIX)) {
    const judged = { ...drawn, statistic: 'shape' };
    const points = await readTrend(sources.database, judged, stretch);
    return (await shareTrend(sources, drawn, points)) ?? { of: 'change', points, axis: effectAxis(drawn.check, 'shape') }; // prettier-ignore
  }
  const points = await drawnTrend(sources, drawn, stretch);
  return { of: 'change', points, axis: effectAxis(drawn.check, drawn.statistic) };
}

/** The windows of a picture on its scale: those of the true mean, which is no judged statistic, are read from the minutes of the windows in which the level was judged. */
export async function drawnTrend(
  sources: TrendSources,
  drawn: Drawn,
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
