/* Draws every figure that carries data. The same numbers are in the tables of the page; without this script nothing is lost. */
/* global uPlot */
'use strict';

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const pad = (n) => String(n).padStart(2, '0');
const timeText = (seconds) => {
  const at = new Date(seconds * 1000);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
};
const numberText = (value) =>
  value === null || value === undefined
    ? '–'
    : Math.abs(value) >= 1000
      ? Math.round(value).toLocaleString('en-GB')
      : String(Number(value.toPrecision(3)));

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** 1 000 000 as 10⁶, for the labels of a logarithmic axis. */
const powerText = (value) => {
  const power = Math.round(Math.log10(value));
  const digits = String(Math.abs(power)).replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return power === 0 ? '1' : power === 1 ? '10' : `10${power < 0 ? '⁻' : ''}${digits}`;
};
/** Of a logarithmic axis, only whole powers of ten, and not more of them than fit. */
const wholePowers = (_u, splits) => {
  const powers = splits
    .map((value) => Math.log10(value))
    .filter((power) => Math.abs(power - Math.round(power)) < 1e-9);
  const step = Math.ceil(powers.length / 5);
  return splits.map((value) => {
    const power = Math.log10(value);
    return Math.abs(power - Math.round(power)) < 1e-9 && Math.round(power) % step === 0 ? value : null;
  });
};
/** Labels of the time axis: hours where they matter, dates where the day changes. */
const timeLabels = (_u, splits) => {
  let day = '';
  return splits.map((seconds) => {
    const text = timeText(seconds);
    const [date, hour] = text.split(' ');
    const changed = date !== day;
    day = date;
    return hour === '00:00' ? date.slice(5) : changed ? `${hour}\n${date.slice(5)}` : hour;
  });
};

/** The foot of a chart in which counts stand as bars. */
const FOOT = 0.18;

function drawBars({ ctx, bbox, valToPos, data, scales }, counts) {
  const most = Math.max(...counts.map((count) => count ?? 0), 1);
  const width = Math.max(1, (bbox.width / Math.max(2, counts.length)) * 0.6);
  ctx.fillStyle = colour('--line');
  counts.forEach((count, i) => {
    const at = data[0][i];
    if (!count || at < scales.x.min || at > scales.x.max) return;
    const height = (count / most) * FOOT * bbox.height;
    ctx.fillRect(valToPos(at, 'x', true) - width / 2, bbox.top + bbox.height - height, width, height);
  });
}

/** Lines where something happened, such as a version that answers from then on, with what it was. */
function drawMarks({ ctx, bbox, valToPos, scales }, marks) {
  ctx.font = '11px system-ui, "Open Sans", sans-serif';
  ctx.setLineDash([2, 3]);
  for (const { at, name } of marks) {
    if (at < scales.x.min || at > scales.x.max) continue;
    const x = valToPos(at, 'x', true);
    ctx.strokeStyle = ctx.fillStyle = colour('--soft');
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(name, x + 4, bbox.top + 12);
  }
  ctx.setLineDash([]);
}

/** Grounds for stretches of time (incidents), counts at the foot, marks, and a dashed line at a threshold, drawn behind the lines. */
function backdrop({ regions, threshold, marks, beneath }) {
  const draw = (u) => {
    const { ctx, bbox } = u;
    const at = (seconds) =>
      Math.min(Math.max(u.valToPos(seconds, 'x', true), bbox.left), bbox.left + bbox.width);
    ctx.save();
    ctx.fillStyle = colour('--region');
    for (const { from, to } of regions) {
      const left = at(from);
      ctx.fillRect(left, bbox.top, Math.max(2, at(to ?? u.scales.x.max) - left), bbox.height);
    }
    const part = { ctx, bbox, data: u.data, scales: u.scales, valToPos: u.valToPos.bind(u) };
    if (beneath) drawBars(part, beneath);
    drawMarks(part, marks);
    if (threshold !== null) {
      const y = u.valToPos(threshold, 'y', true);
      if (y >= bbox.top && y <= bbox.top + bbox.height) {
        ctx.strokeStyle = colour('--alert');
        ctx.setLineDash([5, 5]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
    }
    ctx.restore();
  };
  return { hooks: { drawClear: draw } };
}

function scaleOf({ scale, threshold, zero }) {
  if (scale === 'log') return { distr: 3, log: 10 };
  const range = (_u, low, high) => {
    if (low === null) return [0, 1];
    const top = Math.max(high, threshold ?? high);
    const least = Math.min(low, threshold ?? low);
    const bottom = zero ? Math.min(0, least) : least;
    const room = (top - bottom || Math.abs(top) || 1) * 0.08;
    return [bottom === 0 ? 0 : bottom - room, top + room];
  };
  return { range };
}

function optionsFor(chart, width) {
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const font = '11px system-ui, "Open Sans", sans-serif';
  const label = chart.scale === 'log' ? powerText : numberText;
  const valueAxis = {
    ...axis,
    font,
    size: 52,
    values: (_u, values) => values.map((value) => (value === null ? '' : label(value))),
  };
  const powerAxis = { filter: wholePowers, grid: { ...axis.grid, filter: wholePowers } };
  const palette = [colour('--accent'), colour('--notice'), colour('--ok'), colour('--alert')];
  const few = chart.times.length < 60;
  return {
    width,
    height: 170,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { sync: { key: 'page' }, y: false },
    scales: { x: chart.span ? { time: true, range: () => chart.span } : { time: true }, y: scaleOf(chart) },
    axes: [
      { ...axis, font, size: 34, values: timeLabels },
      chart.scale === 'log' ? { ...valueAxis, ...powerAxis } : valueAxis,
    ],
    series: [
      { label: 'UTC', value: (_u, value) => (value === null ? '–' : timeText(value)) },
      ...chart.series.map(({ name, edge }, i) => {
        const place = chart.series.slice(0, i).filter((other) => !other.edge).length - (edge ? 1 : 0);
        return {
          label: name,
          class: edge ? 'edge' : undefined,
          stroke: edge ? 'transparent' : palette[place % palette.length],
          width: edge ? 0 : 1.6,
          dash: place === 0 ? undefined : [6, 3],
          points: { show: few && !edge, size: 5 },
          value: (_u, value) => numberText(value),
        };
      }),
    ],
    bands: (chart.bands ?? []).map((edges) => ({ series: edges, fill: colour('--band') })),
    plugins: [backdrop(chart)],
  };
}

const drawn = new Map();

function draw(figure) {
  drawn.get(figure)?.destroy();
  const chart = JSON.parse(figure.dataset.chart);
  const plot = figure.querySelector('.plot');
  const data = [chart.times, ...chart.series.map(({ values }) => values)];
  drawn.set(figure, new uPlot(optionsFor(chart, plot.clientWidth), data, plot));
  figure.dataset.drawn = 'true';
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const figure = target.closest('.chart');
    const known = drawn.get(figure);
    const width = target.clientWidth;
    if (known && width > 0 && width !== known.width) known.setSize({ width, height: known.height });
  }
});

for (const figure of document.querySelectorAll('.chart[data-chart]')) {
  draw(figure);
  resized.observe(figure.querySelector('.plot'));
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const figure of drawn.keys()) draw(figure);
});
