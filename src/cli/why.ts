import { Command } from 'commander';
import { answering, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Explanation {
  readonly notified: boolean;
  readonly cause: string;
  readonly text: string;
  readonly steps: readonly { readonly looked: string; readonly found: string }[];
}

const FIELDS = 'notified cause text steps { looked found }';

/** `tidewatch delivery why`: why a message was owed. */
export function whyNotifiedCommand(): Command {
  const why = new Command('why').description('why a message was owed to somebody').argument('<id>', 'as `delivery list` shows it'); // prettier-ignore
  return onData(why, 'delivery why 0b8f6f0a-5a4f-5d0e-9f1b-8f7f6d1c2e3a').action(
    answering(async (id: string, options: DataOptions) => {
      const document = `query ($id: ID!) { whyNotified(delivery: $id) { ${FIELDS} } }`;
      return withApi(options, { data: true }, async (api) => {
        const { whyNotified } = await api.query<{ whyNotified: Explanation }>(document, { id });
        return answerOf(whyNotified);
      });
    }),
  );
}

interface WhyNotOptions extends DataOptions {
  readonly feature?: string;
  readonly segment?: string;
  readonly version?: string;
  readonly at: string;
}

/** `tidewatch incident why-not`: why nobody was told. */
export function whyNotCommand(): Command {
  const why = new Command('why-not')
    .description('why somebody was, or was not, told of a check at an instant')
    .argument('<model>')
    .argument('<check>', 'such as feature_drift')
    .option('--feature <name>', 'left out: the model as a whole')
    .option('--segment <key=value>', 'a segment; left out: all rows')
    .option(
      '--version <version>',
      'left out: the one that answers, and others of which there is something to say',
    )
    .requiredOption('--at <instant>', 'event time', instantArgument);
  return onData(
    why,
    'incident why-not credit-default feature_drift --feature age --at 2026-11-21T10:30:00Z',
  ).action(
    answering(async (model: string, check: string, options: WhyNotOptions) => {
      const document = `query ($model: String!, $check: String!, $feature: String, $segment: String, $version: String, $at: DateTime!) { whyNot(model: $model, check: $check, feature: $feature, segment: $segment, version: $version, at: $at) { ${FIELDS} } }`;
      return withApi(options, { data: true }, async (api) => {
        const { feature, segment, version, at } = options;
        const { whyNot } = await api.query<{ whyNot: Explanation }>(document, {
          model,
          check,
          feature,
          segment,
          version,
          at,
        });
        return answerOf(whyNot);
      });
    }),
  );
}

function answerOf(explanation: Explanation): Answer {
  const { notified, cause, text, steps } = explanation;
  const lines = [
    `${notified ? 'told' : 'not told'}: ${cause.toLowerCase().replaceAll('_', ' ')}. ${text}`,
    ...steps.map(({ looked, found }) => `  ${looked}: ${found}`),
  ];
  return { ok: true, lines, json: explanation };
}
