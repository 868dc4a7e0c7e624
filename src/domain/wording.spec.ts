import { expect, it } from 'vitest';
import { effectText, statisticText, valueText } from './statistic-text.js';
import { cutBetweenWords, namesWithin, numberText, percentText, pointsText, spanText } from './wording.js';

it.each([
  [0.123456, '0.123'],
  [-12.3456, '−12.3'],
  [12345.6, '12\u202f346'],
  [0, '0'],
  [1.5e-7, '1.5e-7'],
  [3.21e9, '3.2e9'],
  [null, '–'],
])('writes %s as %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});

it.each([
  [0.5, '50 %'],
  [0.00213, '0.213 %'],
  [0.99984, '99.984 %'],
  [1, '100 %'],
  [5.6e-17, '0 %'],
  [-5.6e-17, '0 %'],
  [1e-9, '1e-7 %'],
])('writes the share %s as %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});

it.each([
  [25 * 365.25 * 86_400_000, '25 years'],
  [82 * 86_400_000, '82 d'],
  [36 * 3_600_000, '36 h'],
  [5_400_000, '90 min'],
])('writes a span of %s ms as %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

it('gives every number its unit', () => {
  expect(valueText('null_rate', 'rate', 0.12)).toBe('12 %');
  expect(effectText('null_rate', 'rate', 12)).toBe('+12 percentage points');
  expect(effectText('null_rate', 'rate', 5.6e-15)).toBe('0 percentage points');
  expect(effectText('volume', 'count', -2.2e-14)).toBe('0 %');
  expect(pointsText(-3)).toBe('−3 percentage points');
  expect(effectText('feature_drift', 'location', -0.5)).toBe('−0.5 sd');
  expect(effectText('feature_drift', 'daily_location', -0.5)).toBe('−0.5 sd');
  expect(effectText('volume', 'count', -64)).toBe('−64 %');
  expect(effectText('concept_drift', 'error_rate', 3)).toBe('+3 percentage points');
  expect(valueText('freshness', 'silence', 7200)).toBe('2 h');
});

it('keeps the case of names in a statistic', () => {
  expect(statisticText('share:SouthWest')).toBe('share of "SouthWest"');
  expect(statisticText('share::other')).toBe('share of rare categories');
  expect(statisticText('hotelling_t2')).toBe('distance along the usual directions');
  expect(statisticText('daily_reconstruction_error')).toBe('distance from the usual directions by day');
  expect(statisticText('daily_error_rate')).toBe('error rate by day');
  expect(statisticText('correlation:Age~Income')).toBe('correlation of Age and Income');
});

it.each([
  [['age', 'income', 'region', 'tenure'], 40, 'age, income, region, tenure'],
  [['age', 'income', 'region', 'tenure'], 22, 'age, income and 2 more'],
  [['age', 'income', 'region', 'tenure'], 9, '4 more'],
  [[], 9, ''],
])('names of %j in %d characters what fits whole', (names, room, text) => {
  expect(namesWithin(names, room)).toBe(text);
});

it('cuts a text between words', () => {
  expect(cutBetweenWords('age, income and region', 22)).toBe('age, income and region');
  expect(cutBetweenWords('age, income and region', 21)).toBe('age, income and…');
  expect(cutBetweenWords('age, income, region_of_the_branch', 16)).toBe('age, income…');
  expect(cutBetweenWords('a'.repeat(30), 10)).toBe(`${'a'.repeat(9)}…`);
});
