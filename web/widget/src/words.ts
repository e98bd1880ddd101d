/** What the widget says, in French and English. A site may replace single words (docs/reference/tag.md names them). */

export const TABLE = {
  launcher: ["Une question ?", "Ask a question"],
  chat: ["Conversation", "Conversation"],
  unread: ["Nouveau message", "New message"],
  team: ["Nos conseillers", "Our advisers"],
  available: ["disponibles maintenant", "available now"],
  busy: ["en conversation pour le moment", "all busy at the moment"],
  away: ["absents pour le moment", "away at the moment"],
  accept: ["Discuter maintenant", "Chat now"],
  decline: ["Non merci", "No thanks"],
  automatic: ["Proposition automatique", "Automatic suggestion"],
  why: ["Pourquoi ce message ?", "Why this message?"],
  because: [
    "D’après votre visite : pages vues, panier, hésitations. Refuser ne change rien.",
    "From your visit: pages seen, cart, hesitations. Declining changes nothing.",
  ],
  over: ["Cette proposition a expiré.", "This suggestion has expired."],
  anyway: ["Discuter quand même", "Chat anyway"],
  failed: ["Connexion impossible. Réessayez.", "No connection. Please try again."],
  close: ["Fermer", "Close"],
  minimise: ["Réduire", "Minimise"],
  message: ["Votre message", "Your message"],
  send: ["Envoyer", "Send"],
  greeting: ["Bonjour, posez-nous votre question.", "Hello, ask us your question."],
  end: ["Terminer", "End chat"],
  you: ["Vous", "You"],
  machine: ["Message automatique", "Automatic message"],
  join: ["{} a rejoint la conversation", "{} joined the conversation"],
  leave: ["{} a quitté la conversation", "{} left the conversation"],
  transfer: ["Un autre conseiller prend le relais", "Another adviser takes over"],
  ended: ["Conversation terminée", "Conversation ended"],
  typing: ["{} écrit", "{} is typing"],
  here: ["en conversation avec vous", "chatting with you"],
  place: ["N° {} dans la file", "Number {} in the queue"],
  queue: ["Un conseiller arrive", "An adviser is on the way"],
  wait: ["environ {} min", "about {} min"],
  nobody: [
    "Personne n’est disponible pour le moment. Laissez-nous un mot, ou attendez ici.",
    "Nobody is available at the moment. Leave us a note, or wait here.",
  ],
  long: ["L’attente est longue. Laissez-nous un mot, ou attendez ici.", "The wait is long. Leave us a note, or wait here."],
  unsure: ["durée d’attente inconnue", "waiting time unknown"],
  quit: ["Quitter la file", "Leave the queue"],
  leaveMessage: ["Laisser un message", "Leave a message"],
  callback: ["Être rappelé", "Get a call back"],
  offline: ["Hors connexion. Vos messages partiront au retour du réseau.", "Offline. Your messages will leave when the network is back."],
  gone: ["Cette conversation n’est plus accessible.", "This conversation can no longer be reached."],
  again: ["Recommencer", "Start again"],
  sending: ["Envoi…", "Sending…"],
  sent: ["Envoyé", "Sent"],
  delivered: ["Distribué", "Delivered"],
  read: ["Lu", "Read"],
  readAt: ["Lu à {}", "Read at {}"],
  unsent: ["Non envoyé", "Not sent"],
  retry: ["Réessayer", "Retry"],
  copy: ["Copier", "Copy"],
  mail: ["Recevoir la conversation par e-mail", "Get the conversation by e-mail"],
  bot: ["C’est un robot qui vous répond.", "A bot is answering you."],
  person: ["Parler à une personne", "Talk to a person"],
  blocked: [
    "La messagerie n’est pas disponible pour vous. Nos autres contacts restent ouverts.",
    "Chat is not available to you. Our other contacts remain open.",
  ],
  tooLong: ["4 000 caractères au plus", "4,000 characters at most"],
  today: ["Aujourd’hui", "Today"],
};

/** The words of form and survey, which come later than the widget. */
export const FORM = {
  helped: ["Cette conversation vous a-t-elle aidé ?", "Did this conversation help you?"],
  notAtAll: ["Pas du tout", "Not at all"],
  entirely: ["Tout à fait", "Entirely"],
  solved: ["Votre question est-elle réglée ?", "Is your question settled?"],
  yes: ["Oui", "Yes"],
  no: ["Non", "No"],
  recommend: ["Nous recommanderiez-vous à un proche ?", "Would you recommend us to a friend?"],
  easy: ["Nous vous avons facilité les choses.", "We made it easy for you."],
  disagree: ["1 : pas du tout d’accord", "1: strongly disagree"],
  agree: ["7 : tout à fait d’accord", "7: strongly agree"],
  never: ["0 : certainement pas", "0: certainly not"],
  surely: ["10 : certainement", "10: certainly"],
  comment: ["Un mot à ajouter ?", "Anything to add?"],
  optional: ["facultatif", "optional"],
  skip: ["Passer", "Skip"],
  thanks: ["Merci pour votre réponse.", "Thank you for your answer."],
  email: ["Adresse e-mail", "E-mail address"],
  phone: ["Téléphone", "Telephone"],
  wanted: ["Quand vous appeler ?", "When shall we call?"],
  name: ["Votre nom", "Your name"],
  stay: ["Attendre", "Wait"],
  back: ["Retour", "Back"],
  bad_email: ["Vérifiez cette adresse", "Please check this address"],
  bad_phone: ["Vérifiez ce numéro", "Please check this number"],
  bad_text: ["Certains caractères ne passent pas", "Some characters cannot be sent"],
  empty: ["Écrivez votre message", "Please write your message"],
  replySoon: ["Bien reçu. Nous vous répondrons par e-mail.", "Received. We will answer by e-mail."],
  endAsk: ["Terminer la conversation ?", "End the conversation?"],
  goOn: ["Continuer", "Keep chatting"],
  before: ["Avant de commencer", "Before we begin"],
  begin: ["Commencer", "Start"],
  needed: ["À remplir", "Please fill this in"],
  question: ["Votre question", "Your question"],
  mailed: [
    "Si cette adresse existe, un e-mail y arrive. Ouvrez son lien pour recevoir la conversation.",
    "If this address exists, an e-mail is on its way. Open its link to get the conversation.",
  ],
  openPage: ["Ouvrir la page", "Open the page"],
  soldOut: ["épuisé", "out of stock"],
  validUntil: ["Pour vous seul, une fois, jusqu’au {}", "For you alone, once, until {}"],
  copied: ["Copié", "Copied"],
  callSoon: ["Bien reçu. Nous vous appellerons.", "Received. We will call you."],
};

const SEEN = ["Le conseiller peut voir ce que vous écrivez avant l’envoi.", "The agent can see what you write before you send it."];

/** No word of the site takes the place of this one: nothing hides it while what is typed is seen. */
export const PREVIEW = { preview: SEEN };

export type Word = keyof typeof TABLE;
export type Words = Record<Word, string>;

/** The words of a table in a language, with those that the site has replaced. What we do not speak begins in English. */
export const wordsIn = <Name extends string>(
  table: Record<Name, string[]>,
  language: string,
  own: Partial<Record<string, string>> = {},
): Record<Name, string> => {
  const words = {} as Record<Name, string>;
  for (const name in table) words[name] = own[name] || table[name][/^fr/.test(language) ? 0 : 1];
  return words;
};

export const clock = (language: string, at: number): string =>
  new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(at);

export const fill = (text: string, value: string | number): string => text.replace("{}", () => value + "");
