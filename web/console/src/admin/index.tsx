// What staff security and the settings bring to the console: one piece, fetched with the first of its screens.
export { Access, LinkOnce, SiteChecks } from "./access";
export { Account } from "./account";
export { ByLink, Forgot } from "./door";
export { Settings } from "./settings";
export { ready } from "./words";
