// Requests to the API, with this tab's token.
import {token} from "./token.js";

/** What the API refuses: an RFC 9457 problem. */
export class Problem extends Error {
  /** status: 0 when no answer came; details: the problem's members. */
  constructor(status, details) {
    super(details.detail ?? `status ${status}`);
    this.status = status;
    this.details = details;
  }
}

export function headers(more = {}) {
  return token() ? {authorization: `Bearer ${token()}`, ...more} : more;
}

/** The path of /api/v1 from segments. */
export function path(...segments) {
  return `/api/v1/${segments.map(encodeURIComponent).join("/")}`;
}

/** The JSON at a path; null where an answer has no content. Throws a Problem. */
export async function request(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {...options, headers: headers(options.headers)});
  } catch {
    throw new Problem(0, {detail: "the server does not answer"});
  }
  const text = await response.text();
  if (!response.ok) throw new Problem(response.status, parsed(text, response.status));
  return text ? JSON.parse(text) : null;
}

/** A problem's members, whatever a server in between has answered. */
export function parsed(text, status) {
  try {
    return JSON.parse(text);
  } catch {
    return {detail: `the server answers with status ${status}`};
  }
}
