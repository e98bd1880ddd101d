import type { Bridge } from "@aparte/protocol";

export const data = document.querySelector<HTMLElement>("script[data-key]")!.dataset;

export let bridge: Bridge;
export const lend = (lent: Bridge): void => {
  bridge = lent;
};

/** A call of the visitor: text/plain, so that it needs no preflight; the token stands in the body. */
export const post = async <T>(path: string, members: object = {}): Promise<T> => {
  const response = await fetch(bridge.host + "/v1/" + path, {
    method: "POST",
    keepalive: true,
    body: envelope(members),
  });
  if (!response.ok) throw response.status;
  return response.json();
};

export const envelope = (members: object): string =>
  JSON.stringify({ key: data.key, token: bridge.token(), language: bridge.language(), ...members });
