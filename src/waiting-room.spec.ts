import { afterEach, expect, it } from 'vitest';
import { parseConfig } from './config/config.js';
import { WaitingRoom } from './waiting-room.js';

const rooms: WaitingRoom[] = [];
afterEach(async () => {
  await Promise.all(rooms.splice(0).map(async (room) => room.close()));
});

it(
  'waits for an address as long as a predecessor that was told to end has it, and no longer for any other',
  { timeout: 60_000 },
  async () => {
    const before = await WaitingRoom.open(parseConfig({ PORT: '0' }));
    const config = parseConfig({ PORT: String(before.port) });
    await expect(WaitingRoom.open(config)).rejects.toMatchObject({ code: 'address_taken' });
    before.tell('process', 'stopping');
    setTimeout(() => void before.close(), 7_000);
    const after = await WaitingRoom.open(config);
    rooms.push(after);
    expect(after.port).toBe(before.port);
  },
);
