/** One scalar of a window with the sampling variance it has when nothing changed. */
export interface Measured {
  readonly y: number;
  readonly v: number;
}
