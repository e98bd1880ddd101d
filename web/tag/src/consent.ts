/** Who says what the visitor decided: the browser, the site by call, TCF, or Google Consent Mode. */
import { data } from "./page";
import { decide } from "./pulse";

/** Hear everything that goes through the page's dataLayer, also what is there already. */
export const hear = (listener: (entry: any) => void): void => {
  const layer: unknown[] = ((window as any).dataLayer ||= []);
  const push = layer.push;
  layer.forEach(listener);
  layer.push = (...entries) => {
    entries.forEach(listener);
    return push.apply(layer, entries);
  };
};

/** The banner's script may come after ours: look for it during 20 s. */
const followTcf = (times = 40): unknown => {
  const api = (window as any).__tcfapi;
  if (!api) return times && setTimeout(followTcf, 500, times - 1);
  return api("addEventListener", 2, (tcf: any, ok: boolean) => {
    if (ok && tcf.eventStatus != "cmpuishown")
      decide(
        tcf.gdprApplies === false ||
          (data.purposes || "1 5 6").split(" ").every((purpose) => tcf.purpose.consents[purpose]),
      );
  });
};

const followGoogle = (): void =>
  hear((entry) => {
    const storage = entry?.[0] == "consent" && entry[2]?.analytics_storage;
    const granted = storage == "granted";
    // A default that denies is no answer yet: the visitor has not been asked.
    if (granted || (storage && entry[1] == "update")) decide(granted);
  });

const refused = (): boolean => (navigator as any).globalPrivacyControl || navigator.doNotTrack! > "0";

/** Ask the source that the site named; a browser that says no is believed before all others. */
export const follow = (): void => {
  const source = data.consent || "auto";
  if (refused()) decide(false);
  else if (source == "none") decide(true);
  if (/auto|gcm/.test(source)) followGoogle();
  if (/auto|tcf/.test(source)) followTcf();
};

/** The site's own word. */
export const say = (word: string): void => {
  if (!refused()) decide(word == "granted");
};
