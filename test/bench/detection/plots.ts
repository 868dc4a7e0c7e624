import { writeFileSync } from 'node:fs';
import { powerEValue, KAPPAS } from '../../../src/stats/power-e-value.js';
import { studentTSurvival } from '../../../src/stats/student-t.js';
import { gaussian, generator } from './generator.js';
import type { NullResult } from './null-table.js';
import { PEER_RULES } from './peers.js';
import { type PowerResult, quantileOf } from './power-table.js';

const WIDTH = 720;
const INK = '#1f2937';
const OURS = '#0f766e';
const THEIRS = '#b45309';
const BUDGET = '#b91c1c';

interface Found {
  readonly nulls: readonly NullResult[];
  readonly powers: readonly PowerResult[];
}

/** The plots of docs/detection.md: false alerts against the budget, delays against shifts, and one worked path of evidence. */
export function drawPlots(path: (name: string) => string, found: Found): void {
  writeFileSync(path('false-alerts.svg'), falseAlerts(found.nulls));
  writeFileSync(path('delays.svg'), delays(found.powers));
  writeFileSync(path('evidence.svg'), evidence());
}

/** Bars on a logarithmic scale, one row a rule, for the streams the rules of others ran on. */
function falseAlerts(nulls: readonly NullResult[]): string {
  const main = nulls.filter(({ peers }) => Object.keys(peers).length > 0);
  const groups = main.map((result) => ({
    name: result.name,
    bars: [
      { name: 'Tidewatch', value: (100 * result.engine) / result.features, colour: OURS },
      ...PEER_RULES.map((rule) => ({
        name: rule,
        value: (100 * (result.peers[rule] ?? 0)) / result.features,
        colour: THEIRS,
      })),
    ],
  }));
  const x = (value: number) => 250 + (440 * Math.max(0, Math.log10(Math.max(value, 0.1)) + 1)) / 6;
  let y = 40;
  const parts = [
    text(
      10,
      20,
      'False alerts of 100 features in 30 days while nothing drifts (logarithmic; red: the budget)',
      13,
    ),
  ];
  const top = y - 10;
  for (const { name, bars } of groups) {
    parts.push(text(10, y + 12, name, 13));
    for (const bar of bars) {
      y += 15;
      parts.push(
        text(40, y + 10, bar.name, 11),
        `<rect x="250" y="${y + 1}" width="${Math.max(1, x(bar.value) - 250).toFixed(1)}" height="11" fill="${bar.colour}"/>`,
        text(x(bar.value) + 5, y + 10, bar.value.toFixed(bar.value < 10 ? 1 : 0), 10),
      );
    }
    y += 30;
  }
  parts.push(line([x(1), top, x(1), y - 10], BUDGET));
  return svg(y, parts);
}

/** Median delays in windows against what was specified: on the line is as specified, below it is sooner. */
function delays(powers: readonly PowerResult[]): string {
  const x = (value: number) => 60 + (600 * Math.log2(value)) / 8;
  const y = (value: number) => 460 - (400 * Math.log2(value)) / 8;
  const parts = [
    text(10, 20, 'Windows until the alert (median): measured against specified, red: 20 % later', 13),
    line([x(1), y(1), x(256), y(256)], INK),
    line([x(1), y(1.2), x(200), y(240)], BUDGET),
    text(560, 500, 'specified', 12),
    text(10, 45, 'measured', 12),
  ];
  for (const tick of [1, 2, 4, 8, 16, 32, 64, 128, 256])
    parts.push(text(x(tick) - 6, 480, String(tick), 10), text(32, y(tick) + 4, String(tick), 10));
  for (const { drift, rows, weather, delays: found, target } of powers) {
    const median = quantileOf(found.engine ?? [], 0.5);
    if (target === null || !Number.isFinite(median)) continue;
    const title = `${drift.name}, n=${rows}, ${weather.name}: ${median} (${target})`;
    parts.push(
      `<circle cx="${x(target).toFixed(1)}" cy="${y(median).toFixed(1)}" r="5" fill="${weather.name === 'iid' ? OURS : THEIRS}" fill-opacity="0.7"><title>${title}</title></circle>`,
    );
  }
  parts.push(text(80, 70, '● iid', 12, OURS), text(140, 70, '● realistic', 12, THEIRS));
  return svg(510, parts);
}

/** Thirty days of hourly windows, a shift of three quarters of a window's noise in the last five: p-values and the sum of evidence. */
function evidence(): string {
  const random = generator(20_240_612);
  const onset = 600;
  const inflow = 0.4 / 2 / (100 * 30 * 24);
  const parts = KAPPAS.map(() => 0);
  const path: { readonly sum: number; readonly z: number }[] = [];
  for (let t = 0; t < 720; t += 1) {
    const z = gaussian(random) + (t >= onset ? 0.75 : 0);
    const p = studentTSurvival(z - 0.08, 30);
    KAPPAS.forEach(
      (kappa, k) => (parts[k] = powerEValue(p, kappa) * ((parts[k] ?? 0) + inflow / KAPPAS.length)),
    );
    const sum = parts.reduce((a, b) => a + b, 0);
    path.push({ sum, z });
    if (sum >= 1) break;
  }
  const x = (t: number) => 50 + (640 * t) / 720;
  const yz = (z: number) => 110 - 18 * z;
  const ye = (sum: number) => 230 - (160 * (Math.log10(Math.max(sum, 1e-8)) - 0)) / 8 + 0;
  const last = path.length - 1;
  const dots = path.map(
    ({ z }, t) => `<circle cx="${x(t).toFixed(1)}" cy="${yz(z).toFixed(1)}" r="1.3" fill="${INK}"/>`,
  );
  const points = path.map(({ sum }, t) => `${x(t).toFixed(1)},${ye(sum).toFixed(1)}`).join(' ');
  return svg(420, [
    text(
      10,
      20,
      'One series: windows in standard deviations (above), evidence on its way to 1 (below, logarithmic)',
      13,
    ),
    ...dots,
    `<polyline points="${points}" fill="none" stroke="${OURS}" stroke-width="1.5"/>`,
    line([50, ye(1), 690, ye(1)], BUDGET),
    text(52, ye(1) - 5, 'ΣM = 1: alert', 11, BUDGET),
    line([x(onset), 40, x(onset), 400], THEIRS),
    text(x(onset) + 4, 52, 'the shift begins', 11, THEIRS),
    ...(path[last] && path[last].sum >= 1
      ? [text(x(last) - 84, ye(1) - 6, `${last - onset + 1} windows later`, 11)]
      : []),
    ...[-8, -6, -4, -2, 0].map((power) => text(8, ye(10 ** power) + 4, `1e${power}`, 10)),
  ]);
}

function text(x: number, y: number, words: string, size: number, colour = INK): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" fill="${colour}">${safe}</text>`;
}

function line([x1, y1, x2, y2]: readonly [number, number, number, number], colour: string): string {
  const at = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${at[0]}" y1="${at[1]}" x2="${at[2]}" y2="${at[3]}" stroke="${colour}"/>`;
}

function svg(height: number, parts: readonly string[]): string {
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif">\n<rect width="100%" height="100%" fill="#ffffff"/>\n${parts.join('\n')}\n</svg>\n`;
}
