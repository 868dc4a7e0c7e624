import { Span } from './value-schemas.js';

const DAY = 86_400_000;
/** How long something is kept, or remembered. */
export const Keep = Span(DAY, 36_500 * DAY, 'from 1d to 36500d');

/** For how long what is kept. */
export const KEEP_VARIABLES = {
  TIDEWATCH_KEEP_EVENTS: {
    schema: Keep,
    fallback: '400d',
    help: 'how long predictions and labels are kept; a model file may say `keep: { events: … }`',
  },
  TIDEWATCH_KEEP_SUMMARIES: {
    schema: Keep,
    fallback: '400d',
    help: 'how long summaries by minute are kept (`keep: { summaries: … }`)',
  },
  TIDEWATCH_KEEP_RESULTS: {
    schema: Keep,
    fallback: '800d',
    help: 'how long results of checks are kept (`keep: { results: … }`); ledger and windows stay for ever',
  },
  TIDEWATCH_KEEP_STATES: {
    schema: Keep,
    fallback: '90d',
    help: 'how long the memory of detectors is kept; the newest always is',
  },
  TIDEWATCH_KEEP_DEAD_LETTERS: {
    schema: Keep,
    fallback: '90d',
    help: 'how long refused events are kept',
  },
  TIDEWATCH_KEEP_AT_LEAST: {
    schema: Keep,
    fallback: '1d',
    help: 'no data may be kept for less: settings and model files that say less are refused',
  },
  TIDEWATCH_KEEP_HIGH_AT_LEAST: {
    schema: Keep,
    fallback: '184d',
    help: 'the same for events and results of models of high risk; six months are the least that the EU AI Act asks of their logs',
  },
} as const;
