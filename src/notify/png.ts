import { crc32, deflateSync } from 'node:zlib';

/** A colour as red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels that rectangles are painted on, top left first. */
export class Canvas {
  private readonly pixels: Buffer;

  constructor(
    readonly width: number,
    readonly height: number,
    ground: Colour,
  ) {
    this.pixels = Buffer.alloc(3 * width * height);
    this.fill({ x: 0, y: 0, width, height }, ground);
  }

  /** Paints a rectangle; what lies outside is cut off. */
  fill(
    area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
    colour: Colour,
  ): void {
    const [left, top] = [Math.max(0, Math.round(area.x)), Math.max(0, Math.round(area.y))];
    const right = Math.min(this.width, Math.round(area.x + area.width));
    const bottom = Math.min(this.height, Math.round(area.y + area.height));
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) this.pixels.set(colour, 3 * (y * this.width + x));
  }

  /** The picture as a PNG file (ISO/IEC 15948): 8 bits of red, green and blue, no filter. */
  png(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const rows = Array.from({ length: this.height }, (_, y) =>
      Buffer.concat([Buffer.from([0]), this.pixels.subarray(3 * y * this.width, 3 * (y + 1) * this.width)]),
    );
    const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
    const data = deflateSync(Buffer.concat(rows), { level: 9 });
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', data),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
