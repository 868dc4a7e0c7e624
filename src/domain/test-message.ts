import { z } from 'zod';

/** A message that says nothing but that it arrived: somebody wanted to know whether a destination takes any. */
export const TestMessage = z.object({
  type: z.literal('test'),
  at: z.iso.datetime(),
  by: z.string(),
  links: z.object({ channels: z.string() }),
});
export type TestMessage = z.infer<typeof TestMessage>;

/** What webhooks carry of it. */
export const TestEventData = z.object({ by: z.string(), text: z.string() });
export type TestEventData = z.infer<typeof TestEventData>;

/** What it says to a person. */
export function testText({ by }: TestMessage): string {
  return `Test from Tidewatch, asked for by ${by}: this destination takes messages. Nothing is wrong.`;
}
