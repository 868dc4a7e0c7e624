import { expect, it } from 'vitest';
import { channelOf, destinationRef, type Channels } from './destination.js';

it('a message to somebody who was told before belongs to the channel that leads there', () => {
  const channels: Channels = {
    ops: [{ kind: 'slack', channel: 'C0123456789' }],
    risk: [{ kind: 'email', to: 'risk@example.org' }],
  };
  const risk = destinationRef({ kind: 'email', to: 'risk@example.org' });
  expect(channelOf(channels, 'settlement', risk)).toBe('risk');
  expect(channelOf(channels, 'ops', risk)).toBe('ops');
  expect(channelOf(channels, 'reminder', destinationRef({ kind: 'email', to: 'gone@example.org' }))).toBe(
    'reminder',
  );
});
