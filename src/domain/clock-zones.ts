/** One zone of each part of the world whose clocks change on days of their own: those within it cannot be told apart by when they do. */
export const CLOCK_ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Sydney',
  'America/Santiago',
] as const;
