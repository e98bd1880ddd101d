/** What a conversation needs to go on after a reload and in another tab; nothing is written before a click. */
import type { Chat } from "@aparte/protocol";

const NAME = "aparte-chat";

export const readChat = (): Chat | null => {
  try {
    return JSON.parse(localStorage[NAME]);
  } catch {
    return null;
  }
};

export const writeChat = (chat: Chat | null): void => {
  try {
    if (chat) localStorage[NAME] = JSON.stringify(chat);
    else delete localStorage[NAME];
  } catch {
    // Then the conversation lives as long as the page, or as the server's pulse names it.
  }
};

export const session = (): Storage | null => {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
};

export const random = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => (byte + 256).toString(16).slice(1)).join("");
