// English words, of exactly the shape of the French ones.
import type { Words } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");
const th = (rank: number): string => {
  const tens = rank % 100;
  if (tens >= 11 && tens <= 13) return `${rank}th`;
  return `${rank}${["th", "st", "nd", "rd"][rank % 10] ?? "th"}`;
};

export const en: Words = {
  appName: "Aparté console",
  nav: { label: "Screens", exchanges: "Chats", visitors: "Visitors", campaigns: "Campaigns", board: "Board", colleagues: "Colleagues", team: "Team", library: "Library", results: "Results", goals: "Goals", plan: "Business case", install: "Installation", account: "My account", settings: "Settings", help: "Help", signOut: "Sign out" },
  skip: "Skip to content",
  signIn: {
    code: "Six-digit code of your app", recovery: "Recovery code", useRecovery: "Use a recovery code", useCode: "Use the app", codeLead: "The password is right. The code of your second factor is missing.", wrongCode: "This code does not open, or was used already. Wait for the next one.", back: "Another address", forgot: "Forgotten password?",
    title: "Step into the conversation", lead: "The console for agents.", email: "E-mail address", password: "Password", submit: "Sign in",
    wrong: "This address and this password do not belong together.", many: "Too many attempts. Try again in a quarter of an hour.",
    failed: "The server does not answer. Nothing is lost: try again in a moment.", expired: "Your session has ended. Sign in again: what you had not sent is kept in this tab.",
    demo: "Enter as Camille", demoLead: "Demonstration: a shop, simulated visitors, and you as the agent.", or: "or with an account",
  },
  site: { label: "Site", has_conversations: "You have open conversations here: close them or hand them on first.", no_such_site: "This site is no longer yours.", failed: "The site did not change: the server does not answer." },
  setup: {
    title: "The first account", lead: "This link works once. Everything stays on this server.", name: "Your name, as visitors will see it", password: "Password, at least 12 characters",
    submit: "Create the account", done: "This link has been used, or is wrong. Sign in with your account, or ask the server for a new link.", refused: "The server refuses this answer: check the address and the password.",
  },
  campaigns: { failed: "This screen did not arrive. Nothing is lost: load the page again.", reload: "Load again" },
  boot: { loading: "The console is opening", unreachable: "The server does not answer.", safe: "What you have written is kept in this tab.", retry: "Try again" },
  head: {
    load: (load, maximum) => `${load} of ${maximum} chats`, queue: (count) => `Queue: ${count}`, available: "Available", away: "Away",
    status: "Status", availableHint: "Visitors are offered to you.", awayHint: "Your chats stay; no new one comes.", search: "Search",
    theme: "Theme", themeSystem: "Like the system", themeLight: "Light", themeDark: "Dark", language: "Language", sound: "Sound when a visitor waits", desktop: "Desktop notifications",
    desktopDenied: "The browser refuses notifications from this site.", preferences: "Preferences", signOut: "Sign out", on: "on", off: "off",
    statusFailed: "The status has not changed: the server does not answer.", availableSince: (time) => `Since ${time}. Visitors are offered to you.`, awaySince: (time) => `Since ${time}`, forTime: (time) => `for ${time}`,
    reasons: { break: "Break", lunch: "Lunch", meeting: "Meeting", training: "Training", wrap_up: "Wrap-up", other: "Other reason", no_answer: "No answer" },
    noAnswer: "You did not answer in time.", noAnswerNext: "The conversation went to somebody else, or is first in the queue. Nothing more is offered to you.", back: "Be available again", requests: (count) => `Requests: ${count}`,
  },
  offline: {
    since: (time) => `offline for ${time}`, lead: "Your messages leave as soon as the network is back.", connecting: "connecting", replaced: "The console is open in another window.", takeBack: "Continue here",
  },
  list: {
    mine: "My chats", wait: "wait", queue: "Queue", target: (time) => `target ${time}`, answered: "answered", take: "Take the next one", takeThis: (label) => `Take ${label}`,
    visitor: (label) => `Visitor ${label}`, noneMine: "No chat.", noneMineNext: "Take the next one, or wait: it will be offered.", noneQueue: "Nobody is waiting.",
    noneQueueNext: "The next visitor who writes appears here.", seeVisitors: (count) => `See the ${count} visitors`, seeVisitor: "See the visitor", waitingFor: (time) => `waiting for ${time}`, critical: "over the target",
    noMessage: "No message yet", noSlot: "Your slots are taken. Close a chat first.", nobody: "Nobody is waiting.", taken: (label) => `Visitor ${label} taken.`,
    takeFailed: "The visitor was not taken: the server does not answer.", unread: (count) => `${count} unread`, you: "You: ", away: "visitor gone", position: (rank) => `${th(rank)} in line`, skill: (name) => `skill ${name}`, channels: { chat: "Chat", call: "Call", video: "Video" }, sticky: "helped by you before",
  },
  thread: {
    label: (name) => `Conversation with ${name}`, none: "Choose a chat.", noneNext: "Alt N takes the visitor who has waited longest.", close: "Close", back: "Chats", pane: "Chat", context: "Context",
    auto: "Automatic message", sending: "sending", waiting: "waiting to be sent", sent: "Sent", delivered: "Delivered", read: "Read", failed: "Message not sent", retry: "Send again", copy: "Copy the text", drop: "Dismiss",
    failures: {
      late: "Two minutes without an answer from the server. Your text is kept.", not_assigned: "The conversation is no longer yours. Your text is kept.", closed: "The conversation is closed. Your text is kept.",
      too_long: "The message is longer than 4,000 characters.", empty: "The message is empty.", bad_text: "The text holds characters that are not allowed.", cid_conflict: "The server already has another message of this name.",
      other: "The server refused the message. Your text is kept.",
    },
    joined: (name) => `${name} joined the conversation`, left: (name) => `${name} left the conversation`, transferred: (name) => `Transferred by ${name}`, transferredByMe: "Transferred by you", transfer: "Transfer", closed: "Conversation closed",
    survey: "Answer to the survey", csat: (mark) => `satisfaction ${mark} of 5`, nps: (mark) => `recommendation ${mark} of 10`, ces: (mark) => `made easy ${mark} of 7`, solved: "problem solved", unsolved: "problem not solved",
    note: (name) => `Note by ${name}`, myNote: "Your note", typing: "The visitor is typing", unsent: "Being written, not sent", older: "Older messages", newer: "New messages", copied: "Text copied.", writer: (name) => `${name}: `, theVisitor: "The visitor",
    online: "online", gone: "has left the site", away: "tab closed or asleep", onPage: (path, time) => `On ${path} for ${time}`, visit: (rank) => (rank === 1 ? "first visit" : `${th(rank)} visit`),
    closedToast: (label) => `Chat with visitor ${label} closed.`, closeFailed: "The chat was not closed.", empty: "No message yet.", olderFailed: "The older messages did not arrive.",
  },
  composer: {
    canned: "Canned", reply: "Reply", note: "Note", send: "Send", keep: "Keep the note", replyTo: (label) => `Reply to visitor ${label}`, noteOn: (label) => `Internal note on visitor ${label}`,
    placeholder: "Your reply", notePlaceholder: "Internal note, the visitor does not see it", left: (count) => `${count} characters too many`, hint: "Enter sends, Shift Enter starts a new line",
  },
  reason: {
    invited: (campaign, rule) => `Invited by “${campaign}”, rule ${rule}`, version: (version) => `version ${version}`, variant: (variant) => `variant ${variant}`, none: "The visitor opened the conversation himself",
    unknown: "Reason unknown", heldOut: (campaign) => `Held out of “${campaign}”: drawn by lot not to be invited`, refrained: (campaign, reason) => `Not invited by “${campaign}”: ${reason}`,
  },
  reasons: {
    consent: "no consent of the visitor", bot: "a machine", already_engaged: "already in a chat", frequency: "addressed often enough", outside_period: "outside the period", outside_hours: "outside the hours", not_reachable: "page hidden",
    not_covered: "no free slot", pacing: "too many invitations under way", bid_price: "slot worth more", variant_delay: "variant waits", outbid: "another rule comes first", site_hold_out: "held out of the site", campaign_hold_out: "held out of the campaign", hold_out: "held out",
  },
  context: {
    label: "Context of the visitor", why: "Why this visitor", rule: "The rule", noWhy: "No rule was at work: the visitor wrote unasked.", path: "Journey", showAll: (count) => `Show all ${count} steps`, showLess: "Show fewer",
    cart: "Cart", emptyCart: "Empty cart", lines: (count) => `${count} item${s(count)}`, facts: "Visitor", visits: "Visits", orders: "Orders", spend: "Spent", firstVisit: "First visit", source: "Source", referrer: "Came from",
    device: "Device", language: "Language", country: "Country", identity: "Claimed identity", unverified: "unverified", verified: "verified", traits: "Known to the shop", earlier: "Earlier conversations", noEarlier: "None before this one.",
    unanswered: "no rating", loading: "The journey is on its way", failed: "The journey did not arrive.", unknown: "The server no longer knows this visitor.", retry: "Try again", pages: (count) => `${count} page${s(count)}`, save: "Save", transcript: "Transcript", noAgent: "no agent", decidedAt: (time) => `decided at ${time}`, yes: "yes", no: "no", noSteps: "Nothing yet.",
  },
  transfer: {
    title: (label) => `Transfer visitor ${label}`, lead: "The whole conversation goes along, with its context. The visitor only sees that another agent joins.", agents: "To an agent", skills: "To a skill", find: "Find an agent",
    note: "Note for whoever comes next", noteHint: "The visitor does not see it.", submit: "Transfer", cancel: "Cancel", loading: "The team is coming", failed: "The list of the team did not arrive.", retry: "Try again", nobody: "Nobody else is in the team.",
    slots: (load, maximum) => `${load} of ${maximum}`, full: "no slot left", whole: "must be free for a call", gone: "console closed", available: (count) => (count === 0 ? "nobody available: the visitor will wait, first in the queue" : `${count} available`),
    choose: "Choose an agent or a skill.", done: (label, name) => `Visitor ${label} handed to ${name}.`, queued: (label, name) => `Visitor ${label} is now first in the queue “${name}”.`,
    refused: {
      no_slot: "This agent has no slot left. Choose somebody else, or a skill.", agent_away: "This agent has just gone away. Choose somebody else, or a skill.", not_assigned: "This conversation is no longer yours.",
      unknown_agent: "This agent takes no conversations.", unknown_skill: "Nobody has this skill.", closed: "The conversation is closed.", too_long: "The note is too long.", bad_text: "The note holds characters that are not allowed.",
      other: "The server did not take the transfer. Nothing has changed: try again.",
    },
  },
  requests: {
    title: "Requests", kinds: { callback: "Callback wanted", message: "Message left" }, none: "No request.", since: (time) => `${time} ago`, open: (name) => `Open the request of ${name}`, wanted: "Wanted", phone: "Telephone", email: "E-mail", body: "Message", noBody: "No message.", noPhone: "Number not given yet",
    name: "Name", skill: "Skill", left: "Left", language: "Language", note: "What was done", noteHint: "For example: called, no answer, call again tomorrow.", done: "Mark as done", doneToast: (name) => `Request of ${name} is done.`, doneBy: (name, by) => `Request of ${name} was done by ${by}.`,
    doneFailed: "The request was not marked: the server does not answer.", fresh: (name) => `New request of ${name}.`, failed: "The requests did not arrive.", retry: "Try again", all: (count) => `See all ${count} requests`, count: (count) => `${count} open request${s(count)}`,
    history: "Requests done", noHistory: "No request done yet.", by: (name, time) => `${name}, ${time}`, gone: "This request is no longer open.", goneNext: "It has been done, or the address is wrong.", transcript: "Their conversation", unverified: "These details are what the visitor wrote.", close: "Close", readOnly: "An analyst reads requests; an agent deals with them.",
  },
  devices: { desktop: "computer", mobile: "phone", tablet: "tablet" },
  channels: { direct: "Direct", organic: "Search", paid: "Advertising", affiliate: "Affiliate", email: "Newsletter", social: "Social network", referral: "Other site", search: "Search", comparison: "Comparison site", display: "Banner" },
  steps: {
    page: "Page", "Product Viewed": "Product viewed", "Product Added": "Added to cart", "Product Removed": "Removed from cart", "Cart Viewed": "Cart", "Checkout Started": "Checkout started", "Order Completed": "Order placed", "Order Refunded": "Order refunded",
    "Products Searched": "Search", "Product List Viewed": "List of products", "Payment Error": "Payment refused", "Coupon Denied": "Coupon refused", "Exit Intent": "Towards the exit", "Rage Click": "Repeated clicks", "Form Started": "Form begun",
    "Form Abandoned": "Form abandoned", "Form Submitted": "Form sent", "Form Field Error": "Field refused", "Error Shown": "Error shown", "Page Left": "Page left", "Tab Hidden": "Tab hidden", "Tab Shown": "Tab back", "Invitation Offered": "Invitation offered", "Invitation Shown": "Invitation shown", "Invitation Accepted": "Invitation accepted",
    "Invitation Declined": "Invitation declined", "Invitation Ignored": "Invitation ignored", "Invitation Expired": "Invitation expired", InvitationShown: "Invitation shown", InvitationAccepted: "Invitation accepted", InvitationDeclined: "Invitation declined", "Chat Started": "Chat opened", "Chat Ended": "Chat closed", ConversationEnded: "Chat closed", "Survey Answered": "Survey answered", InvitationExpired: "Invitation expired", ConsentChanged: "Consent changed",
  },
  values: {
    cart_views: "Views of the cart", "cart.value": "Value of the cart", "cart.items": "Items in the cart", "cart.distinct_items": "Products in the cart", "cart.views_since_add": "Cart seen again, nothing added", "cart.categories": "Categories in the cart", "page.path": "Page", "page.dwell": "Time on the page", "page.active": "Active time", "page.section": "Section", "page.scroll": "Share read",
    "page.price": "Price of the product", "page.category": "Category", "page.title": "Title", "session.pages": "Pages seen", "session.duration": "Length of the visit", "session.idle": "Time without action", "session.number": "Number of the visit", "session.channel": "Source", "session.device": "Device", "session.searches": "Searches", "session.zero_results": "Searches without result",
    "session.payment_errors": "Payments refused", "session.exit_intents": "Moves to the exit", "session.rage_clicks": "Repeated clicks", "session.product_views": "Products seen", "session.field_errors": "Fields refused", "session.coupons_denied": "Coupons refused", "session.language": "Language", "visitor.returning": "Been here before", "visitor.orders": "Orders", "visitor.spend": "Spent", "visitor.identified": "Identified",
  },
  live: {
    title: "Live visitors", online: (count) => `${count} online`, eligible: (count) => `${count} eligible`, heldOut: (count) => `${count} held out`, free: (count) => (count === 0 ? "no free slot in the team" : `${count} free slot${s(count)} in the team`),
    visitor: "Visitor", page: "Page", since: "For", source: "Source", cart: "Cart", visits: "Visit", device: "Device", state: "State", fresh: (count) => `${count} new`, empty: "No visitor online.", emptyNext: "As soon as a page of the shop opens, it appears here.",
    lock: "Held out: not to be invited", states: { browsing: "browsing", eligible: "eligible", invited: (time) => `invited ${time} ago`, waiting: (time) => `waiting for ${time}`, chatting: "in a chat", left: "gone" }, seconds: (count) => `${count} s`,
    lead: "Who is here, on which page, and what Aparté makes of it.", open: (label) => `Journey of visitor ${label}`, close: "Close the journey", hidden: "page hidden",
  },
  install: {
    title: "Five minutes to the first aparté", lead: "One line in your pages, one call from your server. Everything stays with you.", tag: "Place the tag", tagLead: "Paste it once into the head of every page of the shop.", copy: "Copy", copied: "Copied.", csp: "CSP rule",
    cspLead: "If the shop sends a content security policy, add this address to it:", consent: "Tell the consent", consentLead: "Without consent the tag keeps nothing and sends nothing. A TCF banner or Google Consent Mode is understood by itself; otherwise say so:",
    orders: "Let the orders in", ordersLead: "An order told by the page is claimed; told by your server, it is confirmed. Only confirmed ones carry the results.", claimed: "claimed", confirmed: "confirmed", secret: (hint) => `Your secret key ends in ${hint}. Keep it on the server, never in a page.`,
    join: "So that the order joins the visit, the page hands the identifier to the cart:", listening: (site) => `Listening to ${site}`, found: "The tag is alive", waiting: "waiting", received: "Events received", accepted: "Accepted", quarantined: "Set aside", refused: "Refused", duplicates: "Duplicates",
    first: "First event", last: "Last event", firstOrder: "First order", ordersTitle: "Orders", ago: (time) => `${time} ago`, claimedOnly: "claimed only", next: "next", origins: "Allowed addresses", where: "Page", sent: "Sent", version: "Tag", failed: "The state did not arrive. Trying again.", tabs: "Recipes", demo: "Try it with the demonstration shop", silent: (time) => `Nothing for ${time}`, any: "any",
  },
  recipes: {
    woocommerce: { name: "WooCommerce", steps: "Put this file into your WordPress, and the secret key into wp-config.php. It keeps the visitor’s identifier with the order and sends it once it is paid; a refund leaves as well." },
    prestashop: { name: "PrestaShop", steps: "Put this module in place, switch it on, and give the server the environment variable APARTE_SECRET. Every validated order leaves at once." },
    shopify: { name: "Shopify", steps: "The first piece goes into the theme: it notes the visitor on the cart. The second receives the webhook “orders/paid” and sends it here; give it SHOPIFY_SECRET and APARTE_SECRET, then enter its address under Settings, Notifications, Webhooks." },
    magento: { name: "Magento", steps: "Put these four files in place, give the server APARTE_SECRET, then run bin/magento setup:upgrade. On Adobe Commerce a webhook on orders can call the same code." },
    gtm: { name: "Tag manager", steps: "Two custom HTML tags: the first on all pages, the second on the event “purchase”, with a data layer variable “DLV ecommerce” that reads “ecommerce”. These orders are claimed; for results to rely on, add the call from the server." },
    server: { name: "Server call", steps: "At the moment the order is paid, with the secret key and the visitor’s identifier that the page noted in the cookie aparte_visitor. The same messageId twice counts once: send again without fear." },
  },
  work: {
    owed: "To wrap up", owedTag: "code owed", wrapThis: "Wrap up", helpWanted: "Help wanted", beside: "Beside an agent", with: (name) => `with ${name}`, helpSince: "help wanted, ",
    closeTitle: (label) => `Close the conversation with visitor ${label}`, wrapTitle: (label) => `Wrap up the conversation with visitor ${label}`, closeNext: "Close and go to the next", codeNeeded: "Every conversation needs a code.", codeOptional: "A code helps to understand the day; it is not required.",
    code: "How did it end?", whyNot: "Why did they not buy?", note: "Note", keep: "Keep", wrapped: (label) => `Conversation with visitor ${label} wrapped up.`,
    join: "Join", leave: "Leave", takeOver: "Take over", joined: (label) => `You have joined visitor ${label}.`, quitted: (label) => `You have left visitor ${label}.`, tookOver: (label) => `Visitor ${label} is yours.`, guests: (names) => `with ${names}`,
    assist: "Ask for help", assistShort: "Help", assistOn: "help wanted", assistLead: "Those who lead see it at once. The visitor sees nothing.", assistNote: "What is it about?", assistAsked: "Help asked for.", assistDone: "Help is no longer asked for.",
    whisper: (name) => `Whispered by ${name}`, myWhisper: "Whispered by you", unseen: "the visitor does not see it", whisperTo: (name) => `Whisper to ${name}`, whisperPlaceholder: "For the agent alone, the visitor does not see it", whisperSend: "Whisper", whisperMode: "Whisper",
    tags: "Tags", tagAdd: "Add a tag", tagPut: "Add", untag: (tag) => `Remove ${tag}`, form: "Before the chat", fields: { name: "Name", email: "E-mail", phone: "Telephone", question: "Question" },
    product: "Product", products: "Show products", findProduct: "Find a product", noProduct: "No product has these words.", groups: { found: "Found", seen: "Seen or in the cart", substitutes: "Instead", complements: "Goes with it" }, outOfStock: "out of stock", sendCard: (count) => (count === 0 ? "Send" : `Send ${count} product${s(count)}`), cardSent: (count) => `${count} product${s(count)} shown.`, cardHead: "Products shown",
    page: "Propose a page", pageShort: "Page", pageLead: "A page of the shop. The visitor opens it with a click; it never opens by itself.", pagesSeen: "In their journey", address: "Address", title: "Title", sendPage: "Propose", pageSent: "Page proposed.", pageHead: "Page proposed",
    callback: "Promise a call", callbackShort: "Call", callbackLead: "The visitor reads the time in the conversation, and the end of the number. The request is in the list at once.", callbackDay: "Day", callbackTime: "Time", callbackZone: (zone) => `by the shop's clock (${zone})`, callbackNote: "What is it about?", callbackBooked: (time) => `Call promised: ${time}.`, callbackNext: (time) => `Rather ${time}`, dueAt: "Call promised", dueBy: (time, name) => `${time}, by ${name}`,
    coupon: "Give a coupon", couponShort: "Coupon", couponLead: "The code is for this visitor alone, and is used once. They read it at once.", couponNone: "The site offers no coupon.", couponLeft: (count) => (count === 0 ? "none left" : `${count} left`), couponDays: (count) => `valid ${count} day${s(count)}`, couponFrom: (amount) => `from ${amount}`, couponGive: "Give the code", couponGiven: "Code given.", couponHead: "Coupon", couponUntil: (time) => `until ${time}`,
    invite: "Invite", revoke: "Take back", inviteTitle: (label) => `Invite visitor ${label}`, revokeThis: (label) => `Take back the invitation of visitor ${label}`, inviteLead: "What you write is shown as it is. They may decline.", inviteText: "Invitation", anySkill: "Any", invited: (label) => `Visitor ${label} invited.`, revoked: (label) => `Invitation of visitor ${label} taken back.`, heldOut: "Held out: do not invite. They measure what invitations do.",
    block: "Block", unblock: "Lift the block", blockTitle: (label) => `Block visitor ${label}`, blockLead: "Their conversation closes, they are not invited any more and cannot write.", reason: "Reason", howLong: "For how long?", hour: "an hour", day: "a day", week: "a week", always: "until further notice", blocked: (label) => `Visitor ${label} blocked.`, unblocked: (label) => `Visitor ${label} unblocked.`, blockedTag: "blocked",
    alerts: "Sounds and alerts", sounds: "A sound", events: { waiting: "when a visitor waits", message: "when a visitor writes in another chat", critical: "when a wait passes the target", help: "when help is wanted or somebody whispers to me" }, volume: "Volume", autoAway: "Set me away without a move for", never: "never", minutes: (count) => `${count} minutes`, awaySoon: "Without a move you will be away in a minute.", awayNow: (count) => `Away: no move for ${count} minutes.`,
    previewOff: "Typing preview: off. What a visitor has not sent is not seen, unless the site allows it and says so.", previewOn: "Typing preview: the site allows it and tells the visitor.",
    refused: {
      held_out: "Held out: not to be invited.", blocked: "This visitor is blocked.", talking: "They are in a chat already.", invited: "An invitation is open already.", unreachable: "Nobody would see it: the page is hidden or closed, or there is no consent.", no_slot: "No slot is free for the chat that would follow.",
      code_needed: "Choose a code. Nothing is closed.", bad_code: "This code is no longer in use. Choose another.", bad_reason: "This reason is no longer in use.", not_assigned: "This conversation is no longer yours.", closed: "The conversation is closed.", foreign_page: "This page is not of the shop.", bad_url: "Write a whole address that begins with https://.", empty: "Write something first.", empty_card: "Choose a product.",
      has_one: "They have a code of this coupon that still holds.", no_budget: "All codes of this coupon are given.", no_coupon: "Choose a coupon that is still offered.", no_gift: "Held out: no coupon. They measure what it does.",
      bad_phone: "This is no telephone number: 6 to 15 digits, + before the country's.", bad_time: "Choose a day and a time, within a year.", past: "This time is over.", closed_then: "Nobody works at that time.", cid_conflict: "Another call is promised already. Close this and begin again.", bad_text: "The note holds a character that is not taken.", too_long: "This is too long.",
      gone: "A product is no longer sold. Choose another.", reason_needed: "Say why.", bad_tag: "This tag is not allowed.", unknown_tag: "This tag is not on the list of the site.", too_many_tags: "Too many tags.", role: "Your role does not allow it.", rate: "Too fast. Try again in a moment.", unavailable: "The server does not answer. Nothing has changed: try again.", other: "The server refused. Nothing has changed.",
    },
  },
  palette: { past: "Said before", title: "Search", placeholder: "A chat, a visitor, a command", none: "Nothing has this name.", conversations: "Chats", visitors: "Visitors", commands: "Commands", hint: "Arrows to choose, Enter to open" },
  help: {
    title: "Keys", next: "Take the next one", down: "Next chat", up: "Previous chat", reply: "Reply", note: "Write a note", transfer: "Transfer the conversation", close: "Close the chat", closeNext: "Close and go to the next", assist: "Ask for help", callback: "Promise a call", search: "Search", help: "These keys", esc: "Close what is in front", send: "Send", line: "New line", dismiss: "Close",
  },
  notify: { waiting: "A visitor is waiting", message: (label) => `Visitor ${label}` },
};
