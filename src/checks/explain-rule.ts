import type { Rule } from '../domain/measure.js';
import type { ExplainContext } from './explain-context.js';
import type { Observation } from './series.js';
import { numberText, percentText } from '../domain/wording.js';

/** One sentence about a rule that is broken more often than in the reference: the rule, how often it held, how often it is broken now. */
export function explainRule(
  rule: Rule,
  observation: Observation,
  { baseline }: Pick<ExplainContext, 'baseline'>,
): string {
  const measured = baseline.reference.measures[rule.name];
  const held =
    measured?.kind === 'rate' && measured.trials > 0
      ? percentText(1 - measured.hits / measured.trials)
      : 'most';
  const now = `${percentText(observation.value)} of ${observation.n} rows`;
  switch (rule.rule) {
    case 'together':
      return `${rule.a} and ${rule.b} were null in the same rows in ${held} of the reference; ${now} break it`;
    case 'determines':
      return `${rule.a} decided ${rule.b} in ${held} of the reference; ${now} break it`;
    case 'format':
      return `${held} of the reference were written as ${rule.format}; ${now} are not`;
    case 'whole':
      return `${held} of the reference were whole numbers; ${now} have fractions`;
    case 'distinct':
      return rule.feature === null
        ? `${now} repeat another row of the same minute, ${percentText(referenceRate(measured))} in the reference`
        : `${now} repeat a value of the same minute, ${percentText(referenceRate(measured))} in the reference: it was unique`;
    case 'repeats':
      return `about ${now} repeat another row of the window under another id; in the reference hardly any did`;
    case 'calls':
      return `${now.replace('rows', 'calls')} ${rule.part === 'failed' ? 'failed' : `took longer than ${numberText(rule.aboveMs)} ms`}; ${percentText(referenceRate(measured))} in the reference`;
    default:
      return `${rule.statistic} held in ${held} of the reference; ${now} break it`;
  }
}

function referenceRate(
  measured: ExplainContext['baseline']['reference']['measures'][string] | undefined,
): number {
  return measured?.kind === 'rate' && measured.trials > 0 ? measured.hits / measured.trials : 0;
}
