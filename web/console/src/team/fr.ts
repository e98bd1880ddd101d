// French words of the team's page; they come with their screen. U+00A0 is written ~ here.
import { spaced } from "../i18n/spaced";

const s = (count: number): string => (count > 1 ? "s" : "");

export const fr = spaced({
  loading: "L’équipe arrive", failed: "L’équipe n’est pas arrivée. Rien n’est perdu.", retry: "Réessayer", stale: "L’état de l’équipe n’est plus frais~: le serveur ne répond pas.",
  finding: (there: number, all: number) => (there === 0 ? `Personne n’est disponible, sur ${all} conseiller${s(all)}.` : `${there} conseiller${s(there)} disponible${s(there)} sur ${all}`),
  free: (free: number, slots: number) => `${free} place${s(free)} libre${s(free)} sur ${slots}.`,
  add: "Ajouter quelqu’un", readOnly: "Vous pouvez tout lire ici. Seuls les superviseurs, les responsables et les administrateurs changent l’équipe.",
  columns: { who: "Conseiller", slots: "Conversations en cours", skills: "Compétences", team: "Équipe et horaires" },
  list: "Conseillers", change: (name: string) => `Modifier ${name}`, look: (name: string) => `Voir ${name}`, since: (time: string) => `depuis ${time}`, offline: "console fermée", slotTaken: "prise", slotFree: "libre", slots: (load: number, maximum: number) => `${load} sur ${maximum}`, noSlots: "ne prend pas de conversations",
  cap: (count: number) => `${count} à la fois`, noSkills: "sans compétence", noTeam: "sans équipe", noShifts: "sans horaire prévu", you: "vous",
  roles: { analyst: "Analyste", agent: "Conseiller", supervisor: "Superviseur", manager: "Responsable", admin: "Administrateur" },
  days: { mon: "lun", tue: "mar", wed: "mer", thu: "jeu", fri: "ven", sat: "sam", sun: "dim" }, everyDay: "tous les jours", dayTo: (from: string, to: string) => `${from} à ${to}`,
  person: {
    fresh: "Ajouter quelqu’un", name: "Nom, tel que les visiteurs le voient", email: "Adresse e-mail", password: "Premier mot de passe", role: "Rôle", team: "Équipe", maximum: "Conversations à la fois", maximumHint: "0~: ne reçoit personne.",
    skills: "Compétences", skill: "Compétence", capFor: (skill: string) => `Limite pour ${skill}`, cap: "au plus", capHint: "Sans limite, une compétence peut prendre toutes les places.", addSkill: "Ajouter une compétence", removeSkill: (skill: string) => `Retirer ${skill}`, badSkill: "Lettres, chiffres et tirets, 64 au plus.",
    shifts: "Horaires prévus", shiftHint: "Les jours avec horaire sont payés comme prévu~; les autres comme connectés.", start: "De", end: "à", addShift: "Ajouter un horaire", removeShift: "Retirer cet horaire", save: "Enregistrer", create: "Ajouter", cancel: "Annuler", close: "Fermer",
    saved: (name: string) => `${name}~: enregistré.`, added: (name: string) => `${name} fait partie de l’équipe.`, above: "Son rôle dépasse le vôtre~: vous pouvez lire, pas changer.", keeps: "Ce qui est en cours reste à cette personne.", needName: "Le nom manque.", needDays: "Choisissez au moins un jour.", sameTimes: "Le début et la fin sont les mêmes.",
  },
  access: { left: "a quitté l’équipe", leftSince: (day: string) => `a quitté l’équipe le ${day}`, totp: "second facteur", noTotp: "sans second facteur", elsewhere: "Cette personne appartient à un autre site~: elle se change là-bas.", noPassword: "Laissez vide~: la personne choisit elle-même, par un lien valable 72~heures. Il part par mail et se montre ici." },
  problems: { email_taken: "Quelqu’un d’autre a déjà cette adresse e-mail.", name_taken: "Une autre équipe porte déjà ce nom.", weak_password: "Ce mot de passe est trop faible~: 10 caractères au moins, dont cinq différents, et pas l’adresse.", role: "Votre rôle ne permet pas ce changement.", email: "Cette adresse e-mail n’est pas valable.", shifts: "Un horaire n’est pas valable.", no_such_team: "Cette équipe n’existe plus.", bad_input: "Le serveur refuse une des valeurs.", other: "Rien n’a été enregistré~: le serveur ne répond pas. Réessayez." },
  teams: { title: "Équipes", name: "Nom", kind: "Nature", kinds: { inhouse: "Interne", outsourced: "Prestataire" }, cost: "Coût horaire", people: "Personnes", none: "Aucune équipe.", noneNext: "Le coût horaire d’une équipe donne le coût des heures payées.", fresh: "Nouvelle équipe", change: (name: string) => `Modifier l’équipe ${name}`, save: "Enregistrer", saved: (name: string) => `Équipe «~${name}~» enregistrée.`, badCost: "Un nombre entre 0 et 10~000." },
  hours: {
    title: "Heures payées", from: "Du", until: "au", last: (days: number) => `${days} jours`, month: "Ce mois", who: "Équipe ou personne", paid: "Payées", logged: "Connectées", available: "Disponibles", cost: "Coût", teams: "Par équipe", staff: "Par personne", total: "Total", unknown: "coût inconnu", noTeam: "Sans équipe",
    failed: "Les heures ne sont pas arrivées.", badPeriod: "La période va d’un jour à un jour plus tard, 366 jours au plus.", none: "Aucune heure dans cette période.", explain: "Un jour avec horaire prévu est payé comme prévu, un autre comme connecté. Coût~: heures payées fois coût horaire de l’équipe.", away: "Absences", hour: "h", perHour: "/h",
    partial: "Sans les personnes qui n’ont pas d’équipe~: leur coût n’est pas connu.",
  },
});
