import type { Canvas, Colour } from './png.js';

/**
 * Letters of five by seven dots (and two below the line) for the axes of pictures: a digit to base 32 a row, its bits from left to right. What has none here
 * leaves a gap.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  '0': 'ehjlphe', '1': '4c4444e', '2': 'eh1248v', '3': 'v2421he', '4': '26aiv22', '5': 'vgu11he', '6': '68guhhe', '7': 'v124888', '8': 'ehhehhe', '9': 'ehhf12c',
  a: '00e1fhf', b: 'gguhhhu', c: '00egghe', d: '11fhhhf', e: '00ehvge', f: '698s888', g: '00fhhhf1e', h: 'gguhhhh', i: '40c444e', j: '2062222ic', k: 'ggikoki',
  l: 'c44444e', m: '00qllhh', n: '00uhhhh', o: '00ehhhe', p: '00uhhhugg', q: '00fhhhf11', r: '00mpggg', s: '00fge1u', t: '88s8896', u: '00hhhhf', v: '00hhha4',
  w: '00hhlla', x: '00ha4ah', y: '00hhhhf1e', z: '00v248v', A: 'ehhvhhh', B: 'uhhuhhu', C: 'ehggghe',
  D: 'uhhhhhu', E: 'vgguggv', F: 'vgguggg', G: 'ehgnhhf', H: 'hhhvhhh', I: 'e44444e', J: '72222ic', K: 'hikokih', L: 'ggggggv', M: 'hrllhhh', N: 'hhpljhh',
  O: 'ehhhhhe', P: 'uhhuggg', Q: 'ehhhlid', R: 'uhhukih', S: 'fgge11u', T: 'v444444', U: 'hhhhhhe', V: 'hhhhha4', W: 'hhhllla', X: 'hha4ahh', Y: 'hhha444',
  Z: 'v1248gv', '_': '000000v', '/': '11248gg', '=': '00v0v', '[': 'e88888e', ']': 'e22222e', '%': 'op248j3', "'": '448', '+': '0044v44', '-': '0000v',
  '"': 'aa', '−': '0000v', '.': '00000cc', ':': '0cc0cc', '(': '2488842', ')': '8422248', ',': '00000c48',
}; // prettier-ignore

const [WIDTH, ADVANCE] = [5, 6];

/** How wide a text is, in pixels of a canvas, with dots of so many pixels. */
export function textWidth(text: string, dot: number): number {
  return dot * (ADVANCE * Array.from(text).length - 1);
}

/** Writes a text with its top left corner there. */
export function write(
  canvas: Canvas,
  text: string,
  { x, y, dot }: { readonly x: number; readonly y: number; readonly dot: number },
  colour: Colour,
): void {
  Array.from(text).forEach((letter, place) => {
    Array.from(GLYPHS[letter] ?? '').forEach((row, line) => {
      const bits = Number.parseInt(row, 32);
      for (let column = 0; column < WIDTH; column += 1)
        if (bits & (1 << (WIDTH - 1 - column)))
          canvas.fill({ x: x + dot * (place * ADVANCE + column), y: y + dot * line, width: dot, height: dot }, colour); // prettier-ignore
    });
  });
}
