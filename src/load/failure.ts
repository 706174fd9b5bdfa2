/** A request without an answer for this long counts as a `timeout`; wall milliseconds. */
export const TIMEOUT_MS = 10_000;

const KINDS: Record<string, string> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  // The server closed the connection before it answered.
  UND_ERR_SOCKET: 'closed',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

/** The one word under which a request without an answer is counted. */
export function errorKind({ code }: NodeJS.ErrnoException): string {
  return code ? (KINDS[code] ?? code.toLowerCase()) : 'connection';
}
