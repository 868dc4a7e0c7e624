import { CodedError } from '../domain/coded-error.js';
import { domainToASCII } from 'node:url';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { resolvedProblems, resolveReferences } from '../config/references.js';
import type { Channels } from './destination.js';
import { Regions } from '../domain/residency.js';
import { LIMIT_FIELDS } from './limits.js';
import { webhookSecretProblem } from './webhook-signature.js';

/** A text that says what to write where it is left out. */
const given = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined ? `is missing: write ${what}` : undefined) });

const Secret = given(
  'whsec_ with base64 of 24 to 64 random bytes, which the receiver holds too (`echo "whsec_$(openssl rand -base64 32)"`); it signs each message',
).superRefine((secret, context) => {
  const problem = webhookSecretProblem(secret);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** One or more mail addresses; hosts may be international or have one label, as inside a company. */
const Addressees = given('the mail address, such as ops@example.org').superRefine((text, context) => {
  for (const one of text.split(',').map((part) => part.trim()))
    if (!isMailAddress(one))
      context.addIssue({
        code: 'custom',
        message: `"${one}" is not a mail address: write ops@example.org, Name <ops@example.org>, or several with commas`,
      });
});

function isMailAddress(text: string): boolean {
  const bare = /^[^<>]*<([^<>]+)>$/u.exec(text)?.[1] ?? text;
  const host = /^[^\s@<>,;:"]+@([^\s@<>,;:"]+)$/u.exec(bare)?.[1];
  return host !== undefined && domainToASCII(host) !== '';
}

const HttpAddress = z.url({
  protocol: /^https?$/,
  error: ({ input }) => `${input === undefined ? 'is missing: write ' : ''}an http or https address`,
});
/** What people call it; it tells destinations of a kind apart and stays when keys change. */
const ServiceName = given('what people call it, in lower-case letters, digits and dashes').regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits and dashes'); // prettier-ignore

/** Regions that the receiver lies in: a model with a `residency` is told only to those that lie in one of its own. */
const PLACE = { liesIn: Regions.optional() };

const SLACK_CHANNEL =
  'the id of a channel such as C0123456789 (in Slack: channel details, at the end); a name can change';
const ROUTING_KEY = 'the integration key of a service, 32 letters and digits';

const Address = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('console'), ...LIMIT_FIELDS }),
  z.strictObject({
    kind: z.literal('webhook'),
    ...PLACE,
    url: HttpAddress,
    secret: Secret,
    format: z.enum(['cloudevents', 'alertmanager']).optional(),
  }),
  z.strictObject({
    kind: z.literal('slack'),
    ...PLACE,
    channel: given(SLACK_CHANNEL).regex(/^[CG][A-Z0-9]{8,}$/, SLACK_CHANNEL),
    ...LIMIT_FIELDS,
  }),
  z.strictObject({ kind: z.literal('email'), ...PLACE, to: Addressees, ...LIMIT_FIELDS }),
  z.strictObject({
    kind: z.literal('pagerduty'),
    ...PLACE,
    service: ServiceName,
    routingKey: given(ROUTING_KEY).regex(/^[a-z0-9]{32}$/i, ROUTING_KEY),
    url: HttpAddress.default('https://events.pagerduty.com/v2/enqueue'),
  }),
  z.strictObject({
    kind: z.literal('opsgenie'),
    ...PLACE,
    service: ServiceName,
    apiKey: given('the key of an API integration').min(10, 'the key of an API integration'),
    url: HttpAddress.default('https://api.opsgenie.com'),
  }),
  z.strictObject({
    kind: z.literal('alertmanager'),
    ...PLACE,
    url: HttpAddress,
    token: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('teams'),
    ...PLACE,
    service: ServiceName,
    url: HttpAddress,
    ...LIMIT_FIELDS,
  }),
  z.strictObject({ kind: z.literal('oncall'), ...PLACE, service: ServiceName, url: HttpAddress }),
]);

const Document = z.strictObject({
  channels: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
    z.array(Address).min(1),
  ),
  /** Read by those who hold messages back. */
  maintenance: z.unknown().optional(),
  /** Read by those who ask who hears of what. */
  times: z.unknown().optional(),
  routes: z.unknown().optional(),
  /** Read by those who tell of a week. */
  weekly: z.unknown().optional(),
  /** Read by those who take clicks. */
  people: z.unknown().optional(),
});

/** A channels document that cannot be used, with everything wrong in it. */
export class ChannelsError extends CodedError {
  override readonly name = 'ChannelsError';
  readonly code = 'bad_channels';

  constructor(readonly problems: readonly string[]) {
    super(`the channels file cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Channels from YAML: `channels: { <name>: [{ kind: webhook, url, secret }, { kind: slack, channel }, { kind: email, to }, { kind: console }] }`.
 * `${NAME}` in any text is replaced by `lookup(NAME)`. Throws ChannelsError with every problem; never quotes a secret.
 */
export function parseChannels(text: string, lookup: (name: string) => string | undefined): Channels {
  const resolved = resolveReferences(readYaml(text), lookup);
  const result = Document.safeParse(resolved.value);
  if (result.success && resolved.missing.length === 0) return result.data.channels;
  throw new ChannelsError(resolvedProblems(resolved, result.error));
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // ReferenceError: aliases that repeat too much, or stand for nothing
    if (error instanceof YAMLParseError || error instanceof ReferenceError)
      throw new ChannelsError([error.message]);
    throw error;
  }
}
