// The token of this tab: from the address's fragment, which no server ever sees, and kept until the tab is closed.
const KEY = "vertebra.token";
const FORM = /^[A-Za-z0-9._~-]{32,256}$/;

/** Whether the address has a token in it. */
export function bringsToken() {
  return new URLSearchParams(location.hash.slice(1)).has("token");
}

/** The token, or "". One in the address is taken out of it, so that it stays in no history. */
export function token() {
  if (bringsToken()) {
    sessionStorage.setItem(KEY, new URLSearchParams(location.hash.slice(1)).get("token"));
    history.replaceState(null, "", location.pathname + location.search);
  }
  const kept = sessionStorage.getItem(KEY) ?? "";
  return FORM.test(kept) ? kept : "";
}

/** Keeps a token that somebody has typed; whether it can be one. */
export function keep(typed) {
  if (FORM.test(typed)) sessionStorage.setItem(KEY, typed);
  return FORM.test(typed);
}

/** Whether the server refuses this tab for want of a token. */
export async function isDenied() {
  try {
    const response = await fetch("/api/v1/streams", {headers: token() ? {authorization: `Bearer ${token()}`} : {}});
    return response.status === 401;
  } catch {
    return false;
  }
}
