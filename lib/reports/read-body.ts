/**
 * All bytes of a request, or null when there are more than `limit`. Nothing past it is kept (Content-Length is not believed),
 * but all is read: what is left unread would hold up the next request on the same connection.
 */
export async function readBody(request: Request, limit: number): Promise<Buffer | null> {
  if (request.body === null) return Buffer.alloc(0);
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > limit) chunks = [];
    else chunks.push(chunk);
  }
  return size > limit ? null : Buffer.concat(chunks);
}
