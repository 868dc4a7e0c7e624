/** Work that stops after every few milliseconds for whoever else needs the thread, and returns its result at the end. */
export type Steps<T> = Generator<undefined, T, undefined>;
