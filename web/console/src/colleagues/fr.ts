// French words of the colleagues' panel. U+00A0 is written ~ here.
import { spaced } from "../i18n/fr";

const s = (count: number): string => (count > 1 ? "s" : "");

export const fr = spaced({
  lead: "Entre vous. Les visiteurs ne voient rien.", rooms: "Salons", people: "Personnes", site: "Toute l’équipe", conv: (label: string) => `Visiteur ${label}`, aConv: "À propos d’une conversation", close: "Fermer", back: "Tous les salons",
  loading: "Les collègues arrivent", failed: "La liste n’est pas arrivée. Rien n’est perdu.", retry: "Réessayer", alone: "Personne d’autre pour l’instant.", aloneNext: "Les collègues apparaissent ici dès que l’équipe s’agrandit.",
  offline: "console fermée", load: (count: number) => (count === 0 ? "aucune conversation" : `${count} conversation${s(count)}`), unread: (count: number) => `${count > 98 ? "99 et plus" : count} non lu${s(count)}`,
  log: (name: string) => `Discussion, ${name}`, empty: "Rien encore.", emptyNext: "Le premier mot est à vous.", older: "Plus anciens", linesFailed: "Les messages ne sont pas arrivés.", fresh: "nouveaux",
  to: (name: string) => `Message pour ${name}`, toAll: "Message à toute l’équipe", placeholder: "Votre message", send: "Envoyer", over: (count: number) => `${count} caractère${s(count)} de trop`, me: "Vous", linesNew: "Nouveaux messages",
  sending: "envoi", waiting: "en attente d’envoi", sent: "Envoyé", notSent: "Message non envoyé", again: "Renvoyer", copy: "Copier le texte", copied: "Texte copié.", drop: "Fermer", see: "Voir la conversation", writes: (name: string) => `${name} vous écrit.`,
  away: "Hors ligne~: ce que vous écrivez part dès le retour du réseau.",
  failures: { late: "Deux minutes sans réponse du serveur. Votre texte est gardé.", no_such_room: "Ce salon n’existe plus. Votre texte est gardé.", too_long: "Le message dépasse 4 000 caractères.", bad_text: "Le message contient des caractères interdits.", cid_conflict: "Le serveur a déjà un autre message de ce nom.", role: "Votre rôle ne le permet pas.", other: "Le serveur a refusé le message. Votre texte est gardé." },
});
