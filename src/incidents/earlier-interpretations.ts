import { UNCALIBRATED, type Interpretation } from '../domain/interpretation.js';

/** What a check said of values that another unit has multiplied. */
const CONVERTED = /: values (?<change>[×(+−][^;:]*)(?:: looks like (?<units>[^;]+))?/u;
const MULTIPLE = /^× (?<factor>\d[\d.\u202f\u00a0 ]*)$/u;
const CLAIM = new RegExp(`${UNCALIBRATED}(?<text>[^;]*)`, 'u');

/** What the sentence of an incident says that was recorded before its interpretation was: nothing else is read from words. */
export function earlierInterpretations(summary: string): readonly Interpretation[] {
  const converted = CONVERTED.exec(summary)?.groups;
  const claim = CLAIM.exec(summary)?.groups;
  const found: Interpretation[] = [];
  if (converted) {
    const { change = '', units = null } = converted;
    const factor = MULTIPLE.exec(change)?.groups?.['factor']?.replaceAll(/\s/gu, '');
    found.push({ kind: 'converted', change, factor: factor === undefined ? null : Number(factor), units });
  }
  if (claim) found.push({ kind: 'uncalibrated', claim: { by: 'words', text: claim['text'] ?? '' } });
  return found;
}
