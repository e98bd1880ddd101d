/** Addresses as they may be kept: the fragment and every member that is not on the list are left out. */
import { config } from "./page";

/** The address with only the allowed members of its query; what is no web address is empty. */
export const clean = (address = location.href): string => {
  try {
    const url = new URL(address);
    [...url.searchParams.keys()].forEach((name) => config.query.includes(name) || url.searchParams.delete(name));
    url.hash = "";
    return url.href;
  } catch {
    return "";
  }
};

/** The campaign that an address names, in Segment's words. */
export const campaign = (query: string): Record<string, string> => {
  const found: Record<string, string> = {};
  new URLSearchParams(query).forEach((value, name) => {
    if (/^utm_/.test(name)) found[name.slice(4).replace("campaign", "name")] = value;
  });
  return found;
};
