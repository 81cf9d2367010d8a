/** Small helpers for what LINE's login hosts say; all of it may be read from any origin. */
const OPEN_TO_ALL = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, accept',
}

export function json(body: object, status = 200): Response {
  return Response.json(body, { status, headers: OPEN_TO_ALL })
}

/** OAuth's error shape, as LINE Login words it. */
export function oauthError(error: string, description: string, status = 400): Response {
  return json({ error, error_description: description }, status)
}

export function page(html: string, status = 200): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  return new Response(`<!doctype html>${html}`, { status, headers })
}

export function preflight(): Response {
  return new Response(null, { status: 204, headers: OPEN_TO_ALL })
}
