import type { ChannelHealth, DestinationHealth } from './channel-health.js';

const NAMED = 5;

/**
 * Why configured channels tell nobody, in one text for whoever asks whether all is well; null where nothing is known to be in the way. Addresses are
 * not in it: nobody needs a key to ask.
 */
export function channelsProblem(health: readonly ChannelHealth[]): string | null {
  const texts = health.flatMap(({ name, destinations }) => [
    ...new Set(destinations.flatMap((one) => reasonOf(one) ?? []).map((text) => `channel ${name}: ${text}`)),
  ]);
  if (texts.length === 0) return null;
  const more = texts.length > NAMED ? [`and ${texts.length - NAMED} more`] : [];
  return [...texts.slice(0, NAMED), ...more].join('; ');
}

function reasonOf({ kind, state, problem, fault }: DestinationHealth): string | null {
  if (fault !== null) return `${kind} reaches nobody: ${fault.error}`;
  if (state === 'closed') return `${kind} was closed by its receiver; tidewatch delivery enable opens it`;
  return state === 'failing' ? `${kind} does not take messages (${problem?.code ?? 'unknown'})` : null;
}
