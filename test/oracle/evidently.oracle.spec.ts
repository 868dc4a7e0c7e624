import { andersonDarling } from './statistics/anderson-darling.js';
import { energyDistance } from './statistics/energy-distance.js';
import { hellingerDistance } from './statistics/hellinger.js';
import { jensenShannonDistance } from '../../src/stats/jensen-shannon.js';
import { kolmogorovSmirnov } from './statistics/kolmogorov-smirnov.js';
import { kullbackLeibler } from './statistics/kullback-leibler.js';
import { psi } from '../../src/stats/psi.js';
import { wassersteinDistance } from './statistics/wasserstein.js';
import { compareWith } from './compare.js';
import { Seeded } from './seeded.js';

const seeded = new Seeded(20_240_606);
const samples = seeded.samples();
const histograms = seeded.histograms();

type Histograms = (reference: readonly number[], current: readonly number[]) => number;
const of = (ours: Histograms) => ({ ours, relative: 1e-8, rows: histograms });

compareWith('Evidently', 'evidently.py', {
  andersonDarlingP: {
    ours: (a: number[], b: number[]) => andersonDarling(a, b).p,
    relative: 1e-8,
    rows: samples,
  },
  energyDistance: { ours: energyDistance, relative: 1e-8, rows: samples },
  kolmogorovSmirnovP: {
    ours: (a: number[], b: number[]) => kolmogorovSmirnov(a, b).p,
    relative: 1e-8,
    rows: samples,
  },
  normedWasserstein: {
    ours: (a: number[], b: number[]) => {
      const mean = a.reduce((sum, x) => sum + x, 0) / a.length;
      const variance = a.reduce((sum, x) => sum + (x - mean) ** 2, 0) / a.length;
      return wassersteinDistance(a, b) / Math.sqrt(variance);
    },
    relative: 1e-9,
    rows: samples,
  },
  psi: of((a, b) => psi(a, b, 0)),
  jensenShannonDistance: of((a, b) => jensenShannonDistance(a, b, Math.E)),
  kullbackLeibler: of((a, b) => kullbackLeibler(a, b)),
  hellingerDistance: of(hellingerDistance),
});
