// French words of the colleagues' panel. U+00A0 is written ~ here.
import { spaced } from "../i18n/fr";

const s = (count: number): string => (count > 1 ? "s" : "");

export const fr = spaced({
  lead: "Entre vous. Les visiteurs ne voient rien.", rooms: "Salons", people: "Personnes", site: "Toute l’équipe", aConv: "À propos d’une conversation", close: "Fermer", back: "Tous les salons",
  loading: "Les collègues arrivent", failed: "La liste n’est pas arrivée. Rien n’est perdu.", retry: "Réessayer", alone: "Personne d’autre pour l’instant.", aloneNext: "Les collègues apparaissent ici dès que l’équipe s’agrandit.",
  offline: "console fermée", load: (count: number) => (count === 0 ? "aucune conversation" : `${count} conversation${s(count)}`), unread: (count: number) => `${count > 98 ? "99 et plus" : count} non lu${s(count)}`,
  log: (name: string) => `Discussion, ${name}`, empty: "Rien encore.", emptyNext: "Le premier mot est à vous.", linesFailed: "Les messages ne sont pas arrivés.", fresh: "nouveaux",
  to: (name: string) => `Message pour ${name}`, toAll: "Message à toute l’équipe", placeholder: "Votre message", me: "Vous",
  see: "Voir la conversation", writes: (name: string) => `${name} vous écrit.`,
  away: "Hors ligne~: ce que vous écrivez part dès le retour du réseau.",
});
