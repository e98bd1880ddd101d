/** Addresses as they may be kept: the fragment and every member that is not on the list are left out. */

/** The address with only the allowed members of its query; what is no web address is empty. */
export const clean = (address: string, allowed: string[]): string => {
  try {
    const url = new URL(address);
    [...url.searchParams.keys()].forEach((name) => allowed.includes(name) || url.searchParams.delete(name));
    url.hash = "";
    return url.href;
  } catch {
    return "";
  }
};

/** The campaign that an address names, in Segment's words. */
export const campaign = (query: string): Record<string, string | undefined> => {
  const members = new URLSearchParams(query);
  const get = (name: string): string | undefined => members.get("utm_" + name) || undefined;
  return {
    source: get("source"),
    medium: get("medium"),
    name: get("campaign"),
    term: get("term"),
    content: get("content"),
  };
};
