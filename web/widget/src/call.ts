import type { Bridge } from "@aparte/protocol";

export const data = document.querySelector<HTMLElement>("script[data-key]")!.dataset;

export let bridge: Bridge;
export const lend = (lent: Bridge): void => {
  bridge = lent;
};

/** A call of the visitor: text/plain, so that it needs no preflight; the token stands in the body.
 * What is refused throws the status, or of a 400 the code of what is wrong. */
export const post = async <T>(path: string, members: object = {}): Promise<T> => {
  const response = await fetch(bridge.host + "/v1/" + path, {
    method: "POST",
    keepalive: true,
    body: envelope(members),
  });
  const { ok, status } = response;
  const reply = ok || status == 400 ? await response.json() : 0;
  if (!ok) throw reply ? reply.error.code : status;
  return reply;
};

export const envelope = (members: object): string =>
  JSON.stringify({ key: data.key, token: bridge.token(), language: bridge.language(), ...members });
