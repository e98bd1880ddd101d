// English words of the account, the settings and the links, of exactly the shape of the French ones.
import type { Widen } from "../i18n/fr";
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");

export const en: Widen<typeof fr> = {
  refresh: "Refresh", loading: "The screen is coming", failed: "This part did not arrive. Nothing is lost.", retry: "Try again", save: "Save", saved: "Saved.", cancel: "Cancel", close: "Close", remove: "Remove", copy: "Copy", copied: "Copied.", once: "Shown this once. Keep it now.", kept: "I have kept it", never: "never", readOnly: "You can read everything here, not change it.", noRight: "Your role does not open this part.", noRightNext: "An administrator can show it.",
  roles: { analyst: "Analyst", agent: "Agent", supervisor: "Supervisor", manager: "Manager", admin: "Administrator" },
  problems: {
    wrong_password: "This is not your password.", weak_password: "This password is too weak: at least 10 characters, five of them different, and not the address.", wrong_code: "This is not the code of now. Is the telephone’s clock right?", totp_on: "There is a second factor already.", not_proposed: "The request is too old. Begin again.", too_many_attempts: "Too many attempts. Try again in a quarter of an hour.", busy: "Too many sign in at this moment. Try again in a few seconds.",
    wrong_token: "This link is not valid any more: it was used, or it is too old. Ask for another one.", bad_picture: "This is no PNG, JPEG or WebP picture.", too_large: "This picture is too large.", no_such_session: "This session is over already.", bad_scope: "A token cannot have more rights than you.", too_many: "There are too many already. Remove one.", bad_address: "A webhook cannot go to this address. It needs an https address of the internet.", no_mail: "This server sends no mail: the part [mail] of the settings is empty.", mail_failed: "The mail server did not take it.",
    bad_email: "This e-mail address is not valid.", not_dead: "This still waits, or has arrived.", bad_tag: "One tag is not valid.", last_admin: "This is the last administrator. Make somebody else one first.", left: "This person has left the team.", role: "Your role does not allow this.", has_conversations: "Conversations are open there. Close them or hand them on first.", no_such_staff: "This person is changed at their own site.", no_such_site: "This site is not, or no longer, yours.", bad_input: "The server refuses one of the values.", not_found: "This server does not have this yet.", other: "Nothing changed: the server does not answer. Try again.",
  },
  door: {
    forgot: "Forgotten password", forgotLead: "Give your address: a link goes there, good for 30 minutes.", ask: "Send the link", asked: "If somebody here has this address, a link has left.", askedNext: "Nothing came? Look into the junk folder, or ask an administrator, who can make a link.", back: "Back to sign in",
    reset: "A new password", invite: "Welcome to the team", lead: "Choose a password. This link works once.", password: "New password, at least 10 characters", again: "Once more", differ: "The two are not the same.", submit: "Keep this password", done: "Your password is kept.", doneNext: "Your other sessions have ended. Sign in with the new one.", enter: "Sign in", another: "Ask for another link",
  },
  account: {
    you: "You", name: "Name, as visitors see it", nameLocked: "A supervisor can change your name.", email: "E-mail address", role: "Role", language: "Language of the console", status: "Status", renamed: "Your name is changed.",
    picture: "Picture that visitors see", choose: "Choose a picture", drop: "Remove the picture", pictureHint: "Square, made smaller to 256 pixels in this browser.", pictureSaved: "Picture kept.", pictureGone: "Picture removed.", pictureAlt: "Your picture",
    password: "Password", current: "Current password", fresh: "New password", freshHint: "At least 10 characters. All your other sessions end.", change: "Change the password", changed: "Password changed. Your other sessions have ended.",
    sessions: "Sessions", here: "this one", seen: (time) => `seen ${time}`, since: (time) => `opened ${time}`, end: "End", endOf: (name) => `End the session ${name}`, ended: "Session ended.", endOthers: "End all others", endedOthers: (count) => `${count} session${s(count)} ended.`, unknown: "unknown browser", on: (browser, system) => `${browser} on ${system}`,
  },
  factor: {
    title: "Second factor", lead: "A code of the telephone, beside the password.", off: "off", on: "on", turnOn: "Turn on", turnOff: "Turn off", left: (count) => `${count} recovery code${s(count)} left.`, none: "No recovery code is left. Turn it off and on again to get others.",
    scan: "Point your code app at this square, or type the key.", key: "Key", qr: "Square to scan: the same key as below", code: "Six-digit code of the app", confirm: "Confirm", password: "Your password", turnedOff: "Second factor turned off.",
    recovery: "Recovery codes", recoveryLead: "Shown this once. Each opens once, when the telephone is lost. Keep them away from it.", print: "Print",
  },
  team: {
    access: "Access", sites: "Other sites served",
    sessions: (count) => (count === 0 ? "No open session." : `${count} open session${s(count)}.`), endAll: "End these sessions", endedAll: "The sessions have ended.", link: "Link for the password", linkLead: (name) => `Whoever holds this link can sign in as ${name}. It is mailed too.`, linkTitle: (name) => `Link for ${name}`,
    leave: "Has left the team", leaveTitle: (name) => `Does ${name} leave the team?`, leaveLead: "No more signing in, sessions end; conversations wait for somebody else. The name stays on what was written.", gone: (name, count) => `${name} has left the team. ${count === 0 ? "No conversation waits." : `${count} conversation${s(count)} wait${count === 1 ? "s" : ""}.`}`, tokens: (names) => `Tokens that still open: ${names}. Remove them in the settings.`, back: "Take back into the team", isBack: (name) => `${name} is back, with the password of before.`,
  },
  settings: {
    parts: { conversations: "Conversations", coupons: "Coupons", tokens: "API tokens", webhooks: "Webhooks", mail: "Mail", outbox: "Given up", audit: "Audit log" }, label: "Parts of the settings",
  },
  coupons: {
    finding: (count) => (count === 0 ? "No coupon is offered." : `${count} coupon${count === 1 ? " is" : "s are"} offered.`), lead: "An agent gives a code during a conversation. It is for one visitor, is used once, and the shop's server checks it.", list: "Coupons",
    percent: "Percent", amount: "Amount", worth: "Worth", days: "Days", budget: "Codes at most", from: "Cart from", active: "Offered", add: "Add a coupon", fresh: "New coupon", needWorth: "Each coupon is worth a percentage from 1 to 100, or an amount.", needLabel: "Each coupon has a name in both languages.",
    became: (minted, redeemed, given) => `${minted} given, ${redeemed} used, ${given} given away`, drop: (name) => `Remove ${name}`,
  },
  tokens: {
    finding: (count) => (count === 0 ? "No token opens the API." : `${count} token${s(count)} open${count === 1 ? "s" : ""} the API.`), lead: "A token opens the API of this site to a program, within the rights chosen.", make: "New token", name: "Name", nameHint: "What it is for: the audit log names it.", scopes: "Rights", expires: "Good for", for: { 30: "30 days", 90: "90 days", 365: "one year", 0: "until it is removed" }, create: "Make the token", made: "Token made", by: (name, day) => `by ${name}, ${day}`, until: (day) => `until ${day}`, forever: "no end", over: (day) => `over since ${day}`, needScope: "Choose at least one right.", drop: (name) => `Remove ${name}`, dropLead: "What uses it does not get in from now on.", dropped: "Token removed.",
    rights: { read: "read visitors, conversations and reports", analyse: "compare versions of campaigns", converse: "take, write and close conversations", supervise: "supervise", plan: "publish campaigns", library: "change replies, tags and codes", staff: "change the team", sites: "change keys, webhooks, mail and tokens", audit: "read the audit log" },
  },
  webhooks: {
    finding: (count, bad) => (count === 0 ? "No webhook." : `${count} webhook${s(count)}${bad ? `, ${bad} of them failing` : ""}.`), lead: "What happens here is told to your other tools, signed, in order, at least once.", make: "New webhook", url: "Address", urlHint: "https, on the internet.", events: "Events", active: "On", off: "off", waiting: (count) => `${count} waiting`, failing: (answer) => `last attempt: ${answer}`, well: "all arrived", needEvent: "Choose at least one event.", create: "Create", change: (host) => `Change ${host}`, secret: "Signing secret", hint: (hint) => `Secret …${hint}`,
    rotate: "New secret", rotateLead: "The old one signs for another day, beside the new one.", test: "Test", tested: "A test has left. It appears below.", drop: (host) => `Remove ${host}`, dropLead: "What was on its way there is lost.", dropped: "Webhook removed.", deliveries: "Last deliveries", none: "Nothing has left yet.", attempts: (count) => `${count} attempt${s(count)}`,
    names: { "conversation.opened": "conversation opened", "conversation.closed": "conversation closed", "message.created": "message written", "survey.answered": "survey answered", "request.created": "request left", "lead.recorded": "lead recorded", "engagement.shown": "invitation shown", "engagement.accepted": "invitation accepted", ping: "test", mail: "message", transcript: "transcript" },
    states: { pending: "waiting", delivered: "arrived", dead: "given up" },
  },
  mail: {
    ready: (host) => `Mails leave through ${host}.`, off: "This server sends no mail.", offNext: "Fill the part [mail] of aparte.toml, then start the server again.", server: "Server", user: "Account", sender: "Sender", tls: "Encryption", to: "Who gets requests and leads of this site", toHint: "Empty: nobody. A point of sale with an address gets its own.", test: "Send a test", testTo: "Address of the test", testDo: "Send", answered: (answer) => `The mail server answered: ${answer}`,
  },
  outbox: {
    finding: (dead) => (dead === 0 ? "Nothing was given up." : `${dead} deliver${dead === 1 ? "y was" : "ies were"} given up.`), pending: (count) => (count === 0 ? "Nothing waits." : `${count} waiting.`), lead: "A webhook or a mail is tried for 24 hours, then kept here.", again: "Send again", againOf: (what) => `Send again: ${what}`, sent: "On its way again, for 24 hours.", mail: "Mail", answer: "Last answer", what: "Delivery", when: "Given up",
  },
  audit: {
    title: "Who did what", lead: "Rows are only added, never taken away: each carries the hash of the row before.", verify: "The chain is verified on the server:", who: "Who", verb: "Action", object: "Object", any: "all", at: "When", detail: "Detail", none: "No row matches.", older: "Older ones", objectHint: "exact id",
    verbs: {
      sign_in: "signed in", sign_out: "signed out", set_up: "first account", sign_in_failed: "sign-in refused", totp_on: "second factor on", totp_off: "second factor off", password: "password changed", reset_link: "password link", invite_link: "invitation link", end_session: "session ended", end_sessions: "sessions ended", leave: "left the team", back: "came back", add_staff: "person added", change_staff: "person changed", desk: "changed site", token: "token made", drop_token: "token removed", publish: "campaigns published", jwt_key: "identity key", add_site: "site added", read: "transcript read", export: "leads exported",
    },
  },
  vocabulary: {
    finding: { off: "A conversation is closed without a code.", optional: "A conversation is closed with a code, or without.", required: "No conversation is closed without a code." }, rule: "Wrap-up code", rules: { off: "Never asked", optional: "Proposed", required: "Required" }, codes: "Codes", fr: "French label", en: "English label", outcome: "Outcome", outcomes: { sold: "sale", lead: "lead", helped: "helped", not_bought: "not bought", other: "other" }, reasons: "Asks why", active: "In use", add: "Add a code", up: (name) => `Move ${name} up`, fresh: "new code",
    reasonsList: (list) => `Reasons for not buying, proposed when a code asks for them: ${list}.`, needLabel: "Every code has a label in both languages.", needActive: "A code is required: at least one must be in use.", tags: "Tags", tag: "New tag", addTag: "Add", dropTag: (tag) => `Remove ${tag}`, free: "Agents may write others", noTags: "No tag is proposed.", waits: "Waits", critical: (time) => `A wait becomes critical after ${time}. This time is set on the server.`,
  },
};
