import { parse } from 'yaml';
import { z } from 'zod';

/** Where channels lead, as far as it is known also of a channels file that cannot be used. */
export type ChannelLeads = Readonly<Record<string, readonly Lead[]>>;

interface Lead {
  readonly kind: string;
  /** Of Slack: the id of the channel there. */
  readonly channel?: string | undefined;
}

const Leads = z.object({ channels: z.record(z.string(), z.array(z.unknown()).catch([])) });
const Lead = z.object({ kind: z.string(), channel: z.string().optional().catch(undefined) });

/** Which channels a text names and of which kinds they are, whatever else is wrong in it; null where it says nothing of channels. */
export function channelLeads(text: string): ChannelLeads | null {
  const found = Leads.safeParse(documentOf(text));
  if (!found.success) return null;
  return Object.fromEntries(
    Object.entries(found.data.channels).map(([name, all]) => [
      name,
      all.flatMap((one) => Lead.safeParse(one).data ?? []),
    ]),
  );
}

function documentOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** Whether any channel leads to destinations of a kind. */
export function isLed(kind: string, leads: ChannelLeads): boolean {
  return Object.values(leads).some((all) => all.some((one) => one.kind === kind));
}

/** Ids of the channels of Slack that channels lead to. */
export function slackIds(leads: ChannelLeads): readonly string[] {
  const all = Object.values(leads).flat();
  const ids = all.flatMap(({ kind, channel }) =>
    kind === 'slack' && channel !== undefined ? [channel] : [],
  );
  return [...new Set(ids)].filter((id) => /^[CG][A-Z0-9]{8,}$/u.test(id));
}

/** Settings without which nothing of a kind can be delivered. */
const NEEDED = {
  slack: { setting: 'SLACK_BOT_TOKEN', way: 'to Slack' },
  email: { setting: 'SMTP_URL', way: 'by e-mail' },
} as const;

type Needed = (typeof NEEDED)[keyof typeof NEEDED]['setting'];
/** What was set of them. */
export type SetUp = { readonly [Name in Needed]?: string | undefined };

/** The setting that a kind of destination waits for; null where nothing is missing. */
export function missingSetting(kind: string, config: SetUp): Needed | null {
  const needed = kind === 'slack' || kind === 'email' ? NEEDED[kind].setting : null;
  return needed !== null && config[needed] === undefined ? needed : null;
}

/** Channels that nobody can be told by, because a setting is missing: a sentence for each setting. */
export function muteChannels(config: SetUp, leads: ChannelLeads): readonly { readonly setting: Needed; readonly text: string }[] {
  return Object.entries(NEEDED).flatMap(([kind, { setting, way }]) => {
    const names = Object.keys(leads).filter((name) => leads[name]?.some((one) => one.kind === kind));
    if (names.length === 0 || config[setting] !== undefined) return [];
    const who = names.length === 1 ? `channel ${names.join('')} goes` : `channels ${names.join(', ')} go`;
    return [{ setting, text: `${setting} is not set, but the ${who} ${way}: set it, or nobody there is told` }];
  });
} // prettier-ignore
