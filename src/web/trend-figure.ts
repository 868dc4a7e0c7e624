import { drawnStatistic, factsOf } from '../domain/incident-facts.js';
import { findingTitle } from '../domain/incident-headline.js';
import { statisticText } from '../domain/statistic-text.js';
import { minuteText } from '../domain/wording.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Trend } from '../notify/trend-picture.js';
import { chartFigure } from './chart.js';
import { html, type Html } from './html.js';

/** A finding window by window, with what it is, in which unit, and since when; nothing where no window has a size. */
export function trendFigure(incident: IncidentRecord, { of, points, axis: { unit, times, base } }: Trend): Html | null {
  if (points.length < 2 || points.every(({ value }) => value === null)) return null;
  const { onset, lastAt } = factsOf(incident.course);
  const statistic = drawnStatistic(incident);
  const name = of === 'rows' ? unit : `${statisticText(statistic)} (${unit})`;
  const note = of === 'rows' ? unit : `${statisticText(statistic)} against what is expected at that time, in ${unit}`;
  const to = incident.state === 'CLOSED' ? lastAt : null;
  return html`<section class="panel">
    ${chartFigure({
      title: `${findingTitle(incident)}, window by window`,
      note: `${note}; shaded from ${minuteText(onset)}${to ? ` to ${minuteText(to)}` : ' on'}, event time, UTC`,
      times: points.map(({ at }) => at),
      series: [{ name, values: points.map(({ value }) => (value === null ? null : base + times * value)) }],
      threshold: base,
      regions: [{ from: onset, to }],
    })}
  </section>`;
} // prettier-ignore
