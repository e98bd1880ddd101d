// The discovery, in French; U+00A0 is written as ~.
import { spaced } from "../i18n/spaced";

const s = (n: number): string => (n >= 2 ? "s" : "");

const all = spaced({
  stepsLabel: "Étapes de la découverte", step: (n: number, of: number) => `Étape ${n} sur ${of}`,
  back: "Retour", next: "Continuer", busy: "Calcul en cours", failed: "La réponse n’est pas venue.", retry: "Réessayer", refusedAt: (where: string, what: string) => (where ? `${where}~: ${what}` : what),
  noNumber: (what: string) => `${what}~: écrivez un nombre.`, badRow: (n: number) => `Ligne ${n}~: écrivez «~page /panier; 4000; 1900~».`, line: (n: number) => `Ligne ${n}`,
  people: "Qui le porte", objectives: "Objectifs chiffrés", objective: (n: number) => `Objectif ${n}`, addObjective: "Ajouter un objectif", dropObjective: (n: number) => `Retirer l’objectif ${n}`,
  milestones: "Feuille de route", milestone: (n: number) => `Jalon ${n}`, addMilestone: "Ajouter un jalon", dropMilestone: (n: number) => `Retirer le jalon ${n}`, assumed: "Suppositions",
  source: "D’où vient l’historique", measured: "Mesuré ici", typed: "Saisi ou importé", worth: "Ce que vaut une commande", reach: "Qui peut répondre",
  rowsHint: "Une ligne par perte~: lieu; venus; partis; acheteurs. Lieux~: cart, page /chemin, checkout /chemin, payment_error, empty_search, not_found, error, field_error, form_abandoned.",
  measuredHint: "Vide~: la valeur mesurée.",
  fields: {
    owner: "Porteur du projet", sponsor: "Soutenu par", objective: "Objectif", kpi: "Mesure", target: "Cible", measure: "La cible est", base: "Valeur au départ", agreed: "Services d’accord, avec des virgules",
    milestone: "Jalon", day: "Date", lift: "Effet relatif sur ceux qui acceptent, en %", acceptance: "Acceptation, en %", holdout: "Témoins, en %",
    days: "Jours d’historique", until: "Jusqu’au (vide~: aujourd’hui)", visits: "Visites", orders: "Visites avec commande", rows: "Pertes", basket: "Panier moyen", margin: "Marge brute, en %", agents: "Conseillers", from: "De (heure)", to: "À (heure)", each: "Conversations par conseiller et heure", cost: "Coût d’une conversation", skill: "Compétence", name: "Nom du scénario",
  },
  kpis: { conversion: "conversion du site", chat_conversion: "conversion après chat", cart_abandonment: "abandon de panier", average_basket: "panier moyen", leads: "prospects qualifiés", csat: "satisfaction (CSAT)", nps: "recommandation (NPS)", cost_per_contact: "coût par contact", roi: "retour sur investissement" } as Record<string, string>,
  measures: { value: "une valeur", times: "tant de fois le départ", plus: "tant de plus que le départ" } as Record<string, string>,
  taken0: "Aucune règle prise.",
  why: { no_history: "Rien n’est mesuré sur ces jours. Saisissez ou importez un historique.", nobody_left: "Personne n’est parti sans commander.", nobody_buys: "Personne n’a commandé~: la valeur d’une aide ne se déduit pas.", no_basket: "Le panier moyen n’est pas mesuré. Saisissez-le.", no_margin: "La marge n’est pas mesurée. Saisissez-la." } as Record<string, string>,
  take: (name: string) => `Prendre ${name}`, perDay: (amount: string) => `${amount} par jour`, costs: "coûte plus qu’elle ne rapporte", rule: "La règle, telle qu’elle s’écrit", copy: "Copier", copyOf: (name: string) => `Copier ${name}`, copied: "Copié.", copyFailed: "La copie n’a pas marché.",
  scenario: "Entrées du premier scénario", rows: { visits: "Visites par mois", eligible: "Part éligible et couverte", acceptance: "Invitations acceptées", lift: "Effet sur la conversion", basket: "Panier moyen", margin: "Marge brute", cost: "Coût d’une conversation" },
  range: (low: string, high: string) => `de ${low} à ${high}, à confirmer`, entered: "saisi ou mesuré", note: "Gardé avec le scénario", noScenario: "Prenez au moins une règle.",
  saveScenario: "Enregistrer le scénario", saveDraft: "Mettre au brouillon des campagnes", saveGoals: (n: number) => `Garder ${n} objectif${s(n)}`, scenarioSaved: "Scénario enregistré.", draftSaved: "Au brouillon~: la campagne «~discovery~», que personne ne voit encore.", goalsSaved: "Objectifs gardés.", openCampaign: "Voir la campagne", openScenario: "Voir le business case", whole: "La campagne, à copier",
  codes: { changed_meanwhile: "Quelqu’un a changé le brouillon entre-temps~: réessayez.", too_many: "Il y en a trop~: retirez-en." } as Record<string, string>,
});

/** Lists, which are no texts to be spaced. */
export const fr = {
  ...all,
  steps: ["Objectifs", "Jalons et cibles", "Historique", "Règles proposées", "Premier scénario"],
  leads: [
    "Ce que vous voulez, en chiffres, et qui le porte. Marketing, ventes et comptabilité s’accordent d’abord.",
    "Ce qui doit être là, et quand\u00a0; ce que vous supposez de l’effet, avant de le mesurer.",
    "Où vos visiteurs partent, ce que vaut une commande, et qui peut répondre.",
    "Les plus grandes pertes, fois leur valeur, fois les conseillers joignables. Prenez ou laissez.",
    "Ce que les règles prises donneraient. C’est une prévision, à mesurer face aux témoins.",
  ],
  found: (n: number, worth: string) => [`${n} règle${s(n)} prise${s(n)}, pour `, worth, " de marge par jour."],
};
