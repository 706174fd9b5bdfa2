import { z } from 'zod';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Square and curly brackets are told apart by this bit alone. */
const CURLY = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/**
 * Reads a list that is asked for again and again and hardly changes: an item whose text is as it was in the answer
 * before is not parsed again, but is the same object. Ten thousand alerts, all parsed at every poll, would take a whole
 * processor and hundreds of megabytes.
 */
export class ListReader<T extends object> {
  readonly #depth: number;
  readonly #frame: z.ZodType<number[]>;
  readonly #item: z.ZodType<T>;
  /** By their texts, a character a byte, with the number of the answer that had them last. */
  readonly #known = new Map<string, { item: T; answer: number }>();
  #answers = 0;

  /**
   * @param frame the answer around the items, which are numbered in it
   * @param depth how many brackets are open around each item
   */
  constructor(item: z.ZodType<T>, frame: z.ZodType<number[]> = z.array(z.number()), depth = 1) {
    this.#item = item;
    this.#frame = frame;
    this.#depth = depth;
  }

  /**
   * As the answer arrives, since it is not to be in memory as a whole.
   * @throws SyntaxError or ZodError where the answer is not of that shape
   */
  async read(answer: AsyncIterable<Buffer>): Promise<T[]> {
    this.#answers++;
    const items: T[] = [];
    let frame = '';
    let left = '';
    let open = 0;
    let inText = false;
    let escaped = false;
    for await (const chunk of answer) {
      let from = 0;
      const take = (to: number) => {
        const text = left + chunk.toString('latin1', from, to);
        left = '';
        from = to;
        return text;
      };
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (escaped) escaped = false;
        else if (inText) {
          if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inText = false;
        } else if (byte === QUOTE) inText = true;
        else if ((byte & ~CURLY) === OPENING) {
          if (open++ === this.#depth) frame += take(at) + items.length;
        } else if ((byte & ~CURLY) === CLOSING && --open === this.#depth)
          items.push(this.#itemOf(take(at + 1)));
      }
      left = take(chunk.length);
    }
    const numbers = this.#frame.parse(JSON.parse(frame + left));
    if (numbers.length !== items.length || numbers.some((number, index) => number !== index))
      throw new SyntaxError('not every item of the list is an object');
    for (const [text, { answer }] of this.#known) if (answer !== this.#answers) this.#known.delete(text);
    return items;
  }

  #itemOf(text: string): T {
    const known = this.#known.get(text);
    const item = known?.item ?? this.#item.parse(JSON.parse(Buffer.from(text, 'latin1').toString()));
    if (known) known.answer = this.#answers;
    else this.#known.set(text, { item, answer: this.#answers });
    return item;
  }
}
