/** snappyjs ships without types; this is the part in use. */
declare module 'snappyjs' {
  export function uncompress(compressed: Buffer, maxLength?: number): Buffer;
}
