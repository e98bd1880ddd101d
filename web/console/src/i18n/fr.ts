// French words. Before ? ! : ; and inside « » stands U+00A0, written here as ~ and replaced once.
import { spaced } from "./spaced";

export { spaced };
const s = (count: number): string => (count > 1 ? "s" : "");

export const fr = spaced({
  appName: "Console Aparté",
  nav: { label: "Écrans", exchanges: "Échanges", visitors: "Visiteurs", campaigns: "Campagnes", board: "Supervision", colleagues: "Collègues", team: "Équipe", library: "Bibliothèque", results: "Résultats", goals: "Objectifs", plan: "Business case", install: "Installation", account: "Mon compte", settings: "Réglages", help: "Aide", signOut: "Quitter" },
  skip: "Aller au contenu",
  signIn: {
    code: "Code à six chiffres de votre application", recovery: "Code de secours", useRecovery: "Entrer avec un code de secours", useCode: "Entrer avec l’application", codeLead: "Le mot de passe est juste. Il manque le code de votre second facteur.", wrongCode: "Ce code n’ouvre pas, ou il a déjà servi. Attendez le suivant.", back: "Changer d’adresse", forgot: "Mot de passe oublié~?",
    title: "Entrez dans la conversation", lead: "La console des conseillers.", email: "Adresse e-mail", password: "Mot de passe", submit: "Entrer",
    wrong: "Cette adresse et ce mot de passe ne vont pas ensemble.", many: "Trop d’essais. Réessayez dans un quart d’heure.",
    failed: "Le serveur ne répond pas. Rien n’est perdu~: réessayez dans un instant.", expired: "Votre session est terminée. Entrez de nouveau~: vos brouillons non envoyés sont gardés dans cet onglet.",
    demo: "Entrer comme Camille", demoLead: "Démonstration~: une boutique, des visiteurs simulés, et vous en conseillère.", or: "ou avec un compte",
  },
  site: { label: "Site", has_conversations: "Vous avez des conversations ouvertes ici~: à clore ou à transférer d’abord.", no_such_site: "Ce site n’est plus le vôtre.", failed: "Le site n’a pas changé~: le serveur ne répond pas." },
  setup: {
    title: "Le premier compte", lead: "Ce lien ne sert qu’une fois. Tout reste sur ce serveur.", name: "Votre nom, tel que les visiteurs le verront", password: "Mot de passe, 12 caractères au moins",
    submit: "Créer le compte", done: "Ce lien a déjà servi, ou il est faux. Entrez avec votre compte, ou demandez un lien neuf au serveur.", refused: "Le serveur refuse cette réponse~: vérifiez l’adresse et le mot de passe.",
  },
  campaigns: { failed: "Cet écran n’est pas arrivé. Rien n’est perdu~: rechargez la page.", reload: "Recharger" },
  boot: { loading: "La console s’ouvre", unreachable: "Le serveur ne répond pas.", safe: "Ce que vous avez écrit est gardé dans cet onglet.", retry: "Réessayer" },
  head: {
    load: (load: number, maximum: number) => `${load} sur ${maximum} conversations`, queue: (count: number) => `File d’attente~: ${count}`, available: "Disponible", away: "Absent",
    status: "Statut", availableHint: "Les visiteurs vous sont proposés.", awayHint: "Vos conversations restent~; aucune nouvelle n’arrive.", search: "Chercher",
    theme: "Thème", themeSystem: "Comme le système", themeLight: "Clair", themeDark: "Sombre", language: "Langue", sound: "Son quand un visiteur attend", desktop: "Notifications du bureau",
    desktopDenied: "Le navigateur refuse les notifications de ce site.", preferences: "Préférences", signOut: "Quitter la console", on: "oui", off: "non",
    statusFailed: "Le statut n’a pas changé~: le serveur ne répond pas.", availableSince: (time: string) => `Depuis ${time}. Les visiteurs vous sont proposés.`, awaySince: (time: string) => `Depuis ${time}`, forTime: (time: string) => `depuis ${time}`,
    reasons: { break: "Pause", lunch: "Déjeuner", meeting: "Réunion", training: "Formation", wrap_up: "Fin de fiche", other: "Autre motif", no_answer: "Sans réponse" },
    noAnswer: "Vous n’avez pas répondu à temps.", noAnswerNext: "La conversation est allée à quelqu’un d’autre, ou en tête de file. Plus rien ne vous est proposé.", back: "Redevenir disponible", requests: (count: number) => `Demandes~: ${count}`,
  },
  offline: {
    since: (time: string) => `hors ligne depuis ${time}`, lead: "Vos messages partent dès le retour du réseau.", connecting: "connexion", replaced: "La console est ouverte dans une autre fenêtre.", takeBack: "Reprendre ici",
  },
  list: {
    mine: "Mes conversations", wait: "attente", queue: "File d’attente", target: (time: string) => `objectif ${time}`, answered: "répondu", take: "Prendre le suivant", takeThis: (label: string) => `Prendre ${label}`,
    visitor: (label: string) => `Visiteur ${label}`, noneMine: "Aucune conversation.", noneMineNext: "Prenez le suivant, ou attendez~: on vous le propose.", noneQueue: "Personne n’attend.",
    noneQueueNext: "Le prochain visiteur qui écrit apparaît ici.", seeVisitors: (count: number) => `Voir les ${count} visiteurs`, seeVisitor: "Voir le visiteur", waitingFor: (time: string) => `attend depuis ${time}`, critical: "dépasse l’objectif",
    noMessage: "Pas encore de message", noSlot: "Vos places sont prises. Fermez une conversation d’abord.", nobody: "Personne n’attend.", taken: (label: string) => `Visiteur ${label} pris.`,
    takeFailed: "Le visiteur n’a pas été pris~: le serveur ne répond pas.", unread: (count: number) => `${count} non lu${s(count)}`, you: "Vous~: ", away: "visiteur parti", position: (rank: number) => (rank === 1 ? "1ᵉʳ de la file" : `${rank}ᵉ de la file`), skill: (name: string) => `compétence ${name}`, channels: { chat: "Chat", call: "Appel", video: "Visio" }, sticky: "déjà aidé par vous",
  },
  thread: {
    label: (name: string) => `Conversation avec ${name}`, none: "Choisissez une conversation.", noneNext: "Alt N prend le visiteur qui attend depuis le plus longtemps.", close: "Clore", back: "Conversations", pane: "Échange", context: "Contexte",
    auto: "Message automatique", sending: "envoi", waiting: "en attente d’envoi", sent: "Envoyé", delivered: "Remis", read: "Lu", failed: "Message non envoyé", retry: "Renvoyer", copy: "Copier le texte", drop: "Fermer",
    failures: {
      late: "Deux minutes sans réponse du serveur. Votre texte est gardé.", not_assigned: "La conversation n’est plus à vous. Votre texte est gardé.", closed: "La conversation est close. Votre texte est gardé.",
      too_long: "Le message dépasse 4~000 caractères.", empty: "Le message est vide.", bad_text: "Le texte contient des caractères interdits.", cid_conflict: "Le serveur a déjà un autre message de ce nom.",
      other: "Le serveur a refusé le message. Votre texte est gardé.",
    },
    joined: (name: string) => `${name} a rejoint la conversation`, left: (name: string) => `${name} a quitté la conversation`, transferred: (name: string) => `Transférée par ${name}`, transferredByMe: "Transférée par vous", transfer: "Transférer", closed: "Conversation close",
    survey: "Réponse au questionnaire", csat: (mark: string) => `satisfaction ${mark} sur 5`, nps: (mark: string) => `recommandation ${mark} sur 10`, ces: (mark: string) => `choses facilitées ${mark} sur 7`, solved: "problème réglé", unsolved: "problème non réglé",
    note: (name: string) => (/^[aeiouyhàâéèêëîïôöûü]/i.test(name) ? `Note d’${name}` : `Note de ${name}`), myNote: "Votre note", typing: "Le visiteur écrit", unsent: "En cours de saisie, pas envoyé", older: "Messages plus anciens", newer: "Nouveaux messages", copied: "Texte copié.", writer: (name: string) => `${name}~: `, theVisitor: "Le visiteur",
    online: "en ligne", gone: "a quitté le site", away: "onglet fermé ou en veille", onPage: (path: string, time: string) => `Sur ${path} depuis ${time}`, visit: (rank: number) => (rank === 1 ? "première visite" : `${rank}ᵉ visite`),
    closedToast: (label: string) => `Conversation avec le visiteur ${label} close.`, closeFailed: "La conversation n’a pas été close.", empty: "Pas encore de message.", olderFailed: "Les messages plus anciens ne sont pas arrivés.",
  },
  composer: {
    canned: "Modèles", reply: "Réponse", note: "Note", send: "Envoyer", keep: "Garder la note", replyTo: (label: string) => `Répondre au visiteur ${label}`, noteOn: (label: string) => `Note interne sur le visiteur ${label}`,
    placeholder: "Votre réponse", notePlaceholder: "Note interne, le visiteur ne la voit pas", left: (count: number) => `${count} caractères de trop`, hint: "Entrée envoie, Maj Entrée va à la ligne",
  },
  reason: {
    invited: (campaign: string, rule: string) => `Invité par «~${campaign}~», règle ${rule}`, version: (version: string) => `version ${version}`, variant: (variant: string) => `variante ${variant}`, none: "Le visiteur a ouvert la conversation lui-même",
    unknown: "Raison inconnue", heldOut: (campaign: string) => `Témoin de «~${campaign}~»~: tiré au sort pour ne pas être invité`, refrained: (campaign: string, reason: string) => `Non invité par «~${campaign}~»~: ${reason}`,
  },
  reasons: {
    consent: "pas d’accord du visiteur", bot: "robot", already_engaged: "déjà en échange", frequency: "déjà assez sollicité", outside_period: "hors période", outside_hours: "hors des heures", not_reachable: "page cachée",
    not_covered: "aucune place libre", pacing: "trop d’invitations en cours", bid_price: "place trop précieuse", variant_delay: "variante différée", outbid: "une autre règle passe avant", site_hold_out: "témoin du site", campaign_hold_out: "témoin de la campagne", hold_out: "témoin",
  },
  context: {
    label: "Contexte du visiteur", why: "Pourquoi ce visiteur", rule: "La règle", noWhy: "Aucune règle n’a joué~: le visiteur a écrit de lui-même.", path: "Parcours", showAll: (count: number) => `Voir les ${count} étapes`, showLess: "Réduire",
    cart: "Panier", emptyCart: "Panier vide", lines: (count: number) => `${count} article${s(count)}`, facts: "Visiteur", visits: "Visites", orders: "Commandes", spend: "Dépensé", firstVisit: "Première visite", source: "Source", referrer: "Venu de",
    device: "Appareil", language: "Langue", country: "Pays", identity: "Identité annoncée", unverified: "non vérifiée", verified: "vérifiée", traits: "Connu du magasin", earlier: "Conversations passées", noEarlier: "Aucune avant celle-ci.",
    unanswered: "sans avis", loading: "Le parcours arrive", failed: "Le parcours n’est pas arrivé.", unknown: "Ce visiteur n’est plus connu du serveur.", retry: "Réessayer", pages: (count: number) => `${count} page${s(count)}`, save: "Enregistrer", transcript: "Transcription", noAgent: "sans conseiller", decidedAt: (time: string) => `décidé à ${time}`, yes: "oui", no: "non", noSteps: "Rien encore.",
  },
  transfer: {
    title: (label: string) => `Transférer le visiteur ${label}`, lead: "Toute la conversation suit, avec le contexte. Le visiteur voit seulement qu’un autre conseiller arrive.", agents: "À un conseiller", skills: "À une compétence", find: "Chercher un conseiller",
    note: "Note pour la suite", noteHint: "Le visiteur ne la voit pas.", submit: "Transférer", cancel: "Annuler", loading: "L’équipe arrive", failed: "La liste de l’équipe n’est pas arrivée.", retry: "Réessayer", nobody: "Personne d’autre dans l’équipe.",
    slots: (load: number, maximum: number) => `${load} sur ${maximum}`, full: "plus de place", whole: "doit être libre pour un appel", gone: "console fermée", available: (count: number) => (count === 0 ? "personne de disponible~: le visiteur attendra, en tête de file" : `${count} disponible${s(count)}`),
    choose: "Choisissez un conseiller ou une compétence.", done: (label: string, name: string) => `Visiteur ${label} transmis à ${name}.`, queued: (label: string, name: string) => `Visiteur ${label} remis en tête de la file «~${name}~».`,
    refused: {
      no_slot: "Ce conseiller n’a plus de place. Choisissez quelqu’un d’autre, ou une compétence.", agent_away: "Ce conseiller vient de s’absenter. Choisissez quelqu’un d’autre, ou une compétence.", not_assigned: "Cette conversation n’est plus à vous.",
      unknown_agent: "Ce conseiller ne prend pas de conversations.", unknown_skill: "Personne n’a cette compétence.", closed: "La conversation est close.", too_long: "La note est trop longue.", bad_text: "La note contient des caractères interdits.",
      other: "Le serveur n’a pas pris le transfert. Rien n’a changé~: réessayez.",
    },
  },
  requests: {
    title: "Demandes", kinds: { callback: "Rappel demandé", message: "Message laissé" }, none: "Aucune demande.", since: (time: string) => `il y a ${time}`, open: (name: string) => `Ouvrir la demande de ${name}`, wanted: "Souhaité", phone: "Téléphone", email: "E-mail", body: "Message", noBody: "Pas de message.", noPhone: "Numéro pas encore donné",
    name: "Nom", skill: "Compétence", left: "Laissée", language: "Langue", note: "Ce qui a été fait", noteHint: "Par exemple~: rappelé, sans réponse, rappeler demain.", done: "Marquer comme traitée", doneToast: (name: string) => `Demande de ${name} traitée.`, doneBy: (name: string, by: string) => `Demande de ${name} traitée par ${by}.`,
    doneFailed: "La demande n’a pas été marquée~: le serveur ne répond pas.", fresh: (name: string) => `Nouvelle demande de ${name}.`, failed: "Les demandes ne sont pas arrivées.", retry: "Réessayer", all: (count: number) => `Voir les ${count} demandes`, count: (count: number) => `${count} demande${s(count)} ouverte${s(count)}`,
    history: "Demandes traitées", noHistory: "Aucune demande traitée.", by: (name: string, time: string) => `${name}, ${time}`, gone: "Cette demande n’est plus ouverte.", goneNext: "Elle a été traitée, ou l’adresse est fausse.", transcript: "Sa conversation", unverified: "Ces coordonnées sont celles que le visiteur a écrites.", close: "Fermer", readOnly: "Un analyste lit les demandes~; un conseiller les traite.",
  },
  devices: { desktop: "ordinateur", mobile: "téléphone", tablet: "tablette" },
  channels: { direct: "Direct", organic: "Recherche", paid: "Publicité", affiliate: "Partenaire", email: "Newsletter", social: "Réseau social", referral: "Autre site", search: "Recherche", comparison: "Comparateur", display: "Bannière" },
  steps: {
    page: "Page", "Product Viewed": "Produit vu", "Product Added": "Ajout au panier", "Product Removed": "Retrait du panier", "Cart Viewed": "Panier", "Checkout Started": "Début de commande", "Order Completed": "Commande passée", "Order Refunded": "Commande remboursée",
    "Products Searched": "Recherche", "Product List Viewed": "Liste de produits", "Payment Error": "Paiement refusé", "Coupon Denied": "Bon refusé", "Exit Intent": "Vers la sortie", "Rage Click": "Clics répétés", "Form Started": "Formulaire commencé",
    "Form Abandoned": "Formulaire abandonné", "Form Submitted": "Formulaire envoyé", "Form Field Error": "Champ refusé", "Error Shown": "Erreur affichée", "Page Left": "Page quittée", "Tab Hidden": "Onglet caché", "Tab Shown": "Onglet de retour", "Invitation Offered": "Invitation proposée", "Invitation Shown": "Invitation montrée", "Invitation Accepted": "Invitation acceptée",
    "Invitation Declined": "Invitation déclinée", "Invitation Ignored": "Invitation ignorée", "Invitation Expired": "Invitation expirée", InvitationShown: "Invitation montrée", InvitationAccepted: "Invitation acceptée", InvitationDeclined: "Invitation déclinée", "Chat Started": "Conversation ouverte", "Chat Ended": "Conversation close", ConversationEnded: "Conversation close", "Survey Answered": "Questionnaire rempli", InvitationExpired: "Invitation expirée", ConsentChanged: "Accord changé",
  },
  values: {
    cart_views: "Vues du panier", "cart.value": "Montant du panier", "cart.items": "Articles au panier", "cart.distinct_items": "Produits au panier", "cart.views_since_add": "Panier revu sans ajout", "cart.categories": "Rayons au panier", "page.path": "Page", "page.dwell": "Temps sur la page", "page.active": "Temps actif", "page.section": "Rubrique", "page.scroll": "Page lue",
    "page.price": "Prix du produit", "page.category": "Catégorie", "page.title": "Titre", "session.pages": "Pages vues", "session.duration": "Durée de la visite", "session.idle": "Temps sans geste", "session.number": "Numéro de visite", "session.channel": "Source", "session.device": "Appareil", "session.searches": "Recherches", "session.zero_results": "Recherches vides",
    "session.payment_errors": "Paiements refusés", "session.exit_intents": "Gestes de sortie", "session.rage_clicks": "Clics répétés", "session.product_views": "Produits vus", "session.field_errors": "Champs refusés", "session.coupons_denied": "Bons refusés", "session.language": "Langue", "visitor.returning": "Déjà venu", "visitor.orders": "Commandes", "visitor.spend": "Dépensé", "visitor.identified": "Identifié",
  },
  live: {
    title: "Visiteurs en direct", online: (count: number) => `${count} en ligne`, eligible: (count: number) => `${count} éligible${s(count)}`, heldOut: (count: number) => `${count} témoin${s(count)}`, free: (count: number) => (count === 0 ? "aucune place libre dans l’équipe" : `${count} place${s(count)} libre${s(count)} dans l’équipe`),
    visitor: "Visiteur", page: "Page", since: "Depuis", source: "Source", cart: "Panier", visits: "Visite", device: "Appareil", state: "État", fresh: (count: number) => `${count} nouve${count > 1 ? "aux" : "au"}`, empty: "Aucun visiteur en ligne.", emptyNext: "Dès qu’une page du magasin s’ouvre, elle apparaît ici.",
    lock: "Témoin~: on ne l’invite pas", states: { browsing: "navigue", eligible: "éligible", invited: (time: string) => `invité il y a ${time}`, waiting: (time: string) => `attend depuis ${time}`, chatting: "en conversation", left: "parti" }, seconds: (count: number) => `${count}~s`,
    lead: "Qui est là, sur quelle page, et ce qu’Aparté en pense.", open: (label: string) => `Parcours du visiteur ${label}`, close: "Fermer le parcours", hidden: "page cachée",
  },
  install: {
    title: "Cinq minutes avant le premier aparté", lead: "Une ligne dans vos pages, un appel de votre serveur. Tout reste chez vous.", tag: "Posez la balise", tagLead: "À coller une fois dans l’en-tête de chaque page du magasin.", copy: "Copier", copied: "Copié.", csp: "Règle CSP",
    cspLead: "Si le magasin envoie une politique de sécurité du contenu, ajoutez-y cette adresse~:", consent: "Dites l’accord", consentLead: "Sans accord, la balise ne garde rien et n’envoie rien. Un bandeau TCF ou Google Consent Mode est compris tout seul~; sinon, dites-le~:",
    orders: "Faites entrer les commandes", ordersLead: "Une commande dite par la page est annoncée~; dite par votre serveur, elle est confirmée. Seules les confirmées portent les résultats.", claimed: "annoncées", confirmed: "confirmées", secret: (hint: string) => `Votre clé secrète finit par ${hint}. Gardez-la sur le serveur, jamais dans une page.`,
    join: "Pour que la commande rejoigne la visite, la page donne l’identifiant au panier~:", listening: (site: string) => `On écoute ${site}`, found: "La balise est vivante", waiting: "en attente", received: "Événements reçus", accepted: "Acceptés", quarantined: "Mis de côté", refused: "Refusés", duplicates: "Doublons",
    first: "Premier événement", last: "Dernier événement", firstOrder: "Première commande", ordersTitle: "Commandes", ago: (time: string) => `il y a ${time}`, claimedOnly: "annoncée seulement", next: "ensuite", origins: "Adresses permises", where: "Page", sent: "Envoyé", version: "Balise", failed: "L’état n’est pas arrivé. On réessaie.", tabs: "Recettes", demo: "Essayer avec la boutique de démonstration", silent: (time: string) => `Rien depuis ${time}`, any: "toutes",
  },
  recipes: {
    woocommerce: { name: "WooCommerce", steps: "Posez ce fichier dans votre WordPress, et la clé secrète dans wp-config.php. Il garde l’identifiant du visiteur avec la commande et l’envoie quand elle est payée~; un remboursement part aussi." },
    prestashop: { name: "PrestaShop", steps: "Posez ce module, activez-le, et donnez au serveur la variable d’environnement APARTE_SECRET. Chaque commande validée part aussitôt." },
    shopify: { name: "Shopify", steps: "Le premier morceau va dans le thème~: il note le visiteur sur le panier. Le second reçoit le webhook «~orders/paid~» et l’envoie ici~; donnez-lui SHOPIFY_SECRET et APARTE_SECRET, puis inscrivez son adresse dans Paramètres, Notifications, Webhooks." },
    magento: { name: "Magento", steps: "Posez ces quatre fichiers, donnez APARTE_SECRET au serveur, puis lancez bin/magento setup:upgrade. Sur Adobe Commerce, un webhook de commande peut appeler le même code." },
    gtm: { name: "Tag Manager", steps: "Deux balises HTML personnalisées~: la première sur toutes les pages, la seconde sur l’événement «~purchase~», avec une variable de couche de données «~DLV ecommerce~» qui lit «~ecommerce~». Ces commandes sont annoncées~; pour des résultats sûrs, ajoutez l’appel du serveur." },
    server: { name: "Appel du serveur", steps: "Au moment où la commande est payée, avec la clé secrète et l’identifiant du visiteur que la page a noté dans le cookie aparte_visitor. Le même messageId deux fois compte une fois~: renvoyez sans crainte." },
  },
  work: {
    owed: "À qualifier", owedTag: "à qualifier", wrapThis: "Qualifier", helpWanted: "Demandes d’aide", beside: "À côté d’un conseiller", with: (name: string) => `avec ${name}`, helpSince: "aide demandée, ",
    closeTitle: (label: string) => `Clore la conversation avec le visiteur ${label}`, wrapTitle: (label: string) => `Qualifier la conversation avec le visiteur ${label}`, closeNext: "Clore et passer au suivant", codeNeeded: "Un code est demandé pour chaque conversation.", codeOptional: "Un code aide à comprendre la journée~; il n’est pas obligatoire.",
    code: "Comment s’est-elle terminée~?", whyNot: "Pourquoi n’a-t-il pas acheté~?", note: "Note", keep: "Enregistrer", wrapped: (label: string) => `Conversation avec le visiteur ${label} qualifiée.`,
    join: "Rejoindre", leave: "Quitter", takeOver: "Prendre la main", joined: (label: string) => `Vous avez rejoint le visiteur ${label}.`, quitted: (label: string) => `Vous avez quitté le visiteur ${label}.`, tookOver: (label: string) => `Le visiteur ${label} est à vous.`, guests: (names: string) => `avec ${names}`,
    assist: "Demander de l’aide", assistShort: "Aide", assistOn: "aide demandée", assistLead: "Les responsables le voient aussitôt. Le visiteur ne voit rien.", assistNote: "De quoi s’agit-il~?", assistAsked: "Aide demandée.", assistDone: "L’aide n’est plus demandée.",
    whisper: (name: string) => `Soufflé par ${name}`, myWhisper: "Soufflé par vous", unseen: "le visiteur ne le voit pas", whisperTo: (name: string) => `Souffler à ${name}`, whisperPlaceholder: "Pour le conseiller seul, le visiteur ne le voit pas", whisperSend: "Souffler", whisperMode: "Souffler",
    tags: "Étiquettes", tagAdd: "Ajouter une étiquette", tagPut: "Ajouter", untag: (tag: string) => `Retirer ${tag}`, form: "Avant l’échange", fields: { name: "Nom", email: "E-mail", phone: "Téléphone", question: "Question" },
    product: "Produit", products: "Montrer des produits", findProduct: "Chercher un produit", noProduct: "Aucun produit ne porte ces mots.", groups: { found: "Trouvés", seen: "Vus ou au panier", substitutes: "À la place", complements: "Avec" }, outOfStock: "épuisé", sendCard: (count: number) => (count === 0 ? "Envoyer" : `Envoyer ${count} produit${s(count)}`), cardSent: (count: number) => `${count} produit${s(count)} montré${s(count)}.`, cardHead: "Produits montrés",
    page: "Proposer une page", pageShort: "Page", pageLead: "Une page du magasin. Le visiteur l’ouvre d’un clic, elle ne s’ouvre jamais seule.", pagesSeen: "Dans son parcours", address: "Adresse", title: "Titre", sendPage: "Proposer", pageSent: "Page proposée.", pageHead: "Page proposée",
    callback: "Promettre un rappel", callbackShort: "Rappel", callbackLead: "Le visiteur lit l’heure dans la conversation, et la fin du numéro. La demande est aussitôt dans la liste.", callbackDay: "Jour", callbackTime: "Heure", callbackZone: (zone: string) => `à l’heure du magasin (${zone})`, callbackNote: "À propos de quoi~?", callbackBooked: (time: string) => `Rappel promis~: ${time}.`, callbackNext: (time: string) => `Plutôt ${time}`, dueAt: "Rappel promis", dueBy: (time: string, name: string) => `${time}, par ${name}`,
    coupon: "Offrir un bon", couponShort: "Bon", couponLead: "Le code est pour ce visiteur seul, et sert une fois. Il le lit aussitôt.", couponNone: "Le site n’offre aucun bon.", couponLeft: (count: number) => (count === 0 ? "épuisé" : `encore ${count}`), couponDays: (count: number) => `valable ${count} jour${s(count)}`, couponFrom: (amount: string) => `dès ${amount}`, couponGive: "Donner le code", couponGiven: "Code donné.", couponHead: "Bon", couponUntil: (time: string) => `jusqu’au ${time}`,
    invite: "Inviter", revoke: "Retirer", inviteTitle: (label: string) => `Inviter le visiteur ${label}`, revokeThis: (label: string) => `Retirer l’invitation du visiteur ${label}`, inviteLead: "Ce que vous écrivez lui est montré tel quel. Il peut refuser.", inviteText: "Invitation", anySkill: "Toutes", invited: (label: string) => `Visiteur ${label} invité.`, revoked: (label: string) => `Invitation du visiteur ${label} retirée.`, heldOut: "Témoin~: ne pas inviter. Il sert à mesurer l’effet des invitations.",
    block: "Bloquer", unblock: "Lever le blocage", blockTitle: (label: string) => `Bloquer le visiteur ${label}`, blockLead: "Sa conversation se ferme, il n’est plus invité et ne peut plus écrire.", reason: "Motif", howLong: "Pour combien de temps~?", hour: "une heure", day: "un jour", week: "une semaine", always: "jusqu’à nouvel ordre", blocked: (label: string) => `Visiteur ${label} bloqué.`, unblocked: (label: string) => `Visiteur ${label} débloqué.`, blockedTag: "bloqué",
    alerts: "Sons et alertes", sounds: "Un son", events: { waiting: "quand un visiteur attend", message: "quand un visiteur écrit dans une autre conversation", critical: "quand l’attente dépasse l’objectif", help: "quand on demande de l’aide ou qu’on me souffle" }, volume: "Volume", autoAway: "Me mettre absent sans geste depuis", never: "jamais", minutes: (count: number) => `${count} minutes`, awaySoon: "Sans un geste, vous serez absent dans une minute.", awayNow: (count: number) => `Absent~: aucun geste depuis ${count} minutes.`,
    previewOff: "Aperçu de frappe~: non. Ce que le visiteur n’a pas envoyé ne se voit pas, tant que le site ne l’autorise pas et ne l’annonce pas.", previewOn: "Aperçu de frappe~: le site l’autorise et l’annonce au visiteur.",
    refused: {
      held_out: "Témoin~: on ne l’invite pas.", blocked: "Ce visiteur est bloqué.", talking: "Il est déjà en conversation.", invited: "Une invitation est déjà ouverte.", unreachable: "Personne ne la verrait~: la page est cachée, fermée, ou l’accord manque.", no_slot: "Aucune place n’est libre pour la conversation qui suivrait.",
      code_needed: "Choisissez un code. Rien n’est clos.", bad_code: "Ce code n’existe plus. Choisissez-en un autre.", bad_reason: "Ce motif n’existe plus.", not_assigned: "Cette conversation n’est plus à vous.", closed: "La conversation est close.", foreign_page: "Cette page n’est pas du magasin.", bad_url: "Écrivez une adresse entière, qui commence par https://.", empty: "Écrivez d’abord quelque chose.", empty_card: "Choisissez un produit.",
      has_one: "Il a déjà un code de ce bon, qui vaut encore.", no_budget: "Tous les codes de ce bon sont donnés.", no_coupon: "Choisissez un bon qui est encore offert.", no_gift: "Témoin~: pas de bon. Il sert à mesurer l’effet.",
      bad_phone: "Ce n’est pas un numéro~: 6 à 15 chiffres, + devant celui du pays.", bad_time: "Choisissez un jour et une heure, dans l’année.", past: "Cette heure est passée.", closed_then: "Personne ne travaille à cette heure.", cid_conflict: "Un autre rappel est déjà promis ainsi. Fermez et recommencez.", bad_text: "La note contient un caractère qui n’est pas admis.", too_long: "C’est trop long.",
      gone: "Un produit n’est plus vendu. Choisissez-en un autre.", reason_needed: "Dites pourquoi.", bad_tag: "Cette étiquette n’est pas permise.", unknown_tag: "Cette étiquette n’est pas dans la liste du site.", too_many_tags: "Trop d’étiquettes.", role: "Votre rôle ne le permet pas.", rate: "Trop vite. Réessayez dans un instant.", unavailable: "Le serveur ne répond pas. Rien n’a changé~: réessayez.", other: "Le serveur a refusé. Rien n’a changé.",
    },
  },
  palette: { past: "Dit auparavant", title: "Chercher", placeholder: "Une conversation, un visiteur, une commande", none: "Rien ne porte ce nom.", conversations: "Conversations", visitors: "Visiteurs", commands: "Commandes", hint: "Flèches pour choisir, Entrée pour ouvrir" },
  help: {
    title: "Touches", next: "Prendre le suivant", down: "Conversation suivante", up: "Conversation précédente", reply: "Répondre", note: "Écrire une note", transfer: "Transférer la conversation", close: "Clore la conversation", closeNext: "Clore et passer au suivant", assist: "Demander de l’aide", callback: "Promettre un rappel", search: "Chercher", help: "Ces touches", esc: "Fermer ce qui est devant", send: "Envoyer", line: "Aller à la ligne", dismiss: "Fermer",
  },
  notify: { waiting: "Un visiteur attend", message: (label: string) => `Visiteur ${label}` },
});

/** The same keys, with any text. */
export type Widen<T> = T extends string ? string : T extends (...all: infer A) => string ? (...all: A) => string : { [K in keyof T]: Widen<T[K]> };
export type Words = Widen<typeof fr>;
