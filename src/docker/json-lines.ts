import type { Readable } from 'node:stream';

/**
 * The JSON documents of a stream that writes one a line; a chunk may hold half a line, or several. Leaving the
 * loop destroys the stream. (node:readline would do, but passes on a late error of its input that nobody can
 * catch, and an aborted event stream always has one.)
 */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  stream.on('error', () => {});
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as T;
}
