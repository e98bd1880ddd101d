// English words of the team's page, of exactly the shape of the French ones.
import type { Widen } from "../i18n/fr";
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");

export const en: Widen<typeof fr> = {
  loading: "The team is coming", failed: "The team did not arrive. Nothing is lost.", retry: "Try again", stale: "What is shown of the team is no longer fresh: the server does not answer.",
  finding: (there, all) => (there === 0 ? `Nobody is available, of ${all} agent${s(all)}.` : `${there} of ${all} agent${s(all)} available`),
  free: (free, slots) => `${free} of ${slots} slots free.`,
  add: "Add somebody", readOnly: "You can read everything here. Only supervisors, managers and administrators change the team.",
  columns: { who: "Agent", slots: "Conversations under way", skills: "Skills", team: "Team and hours" },
  list: "Agents", change: (name) => `Change ${name}`, look: (name) => `Look at ${name}`, since: (time) => `for ${time}`, offline: "console closed", slotTaken: "taken", slotFree: "free", slots: (load, maximum) => `${load} of ${maximum}`, noSlots: "takes no conversations",
  cap: (count) => `${count} at a time`, noSkills: "no skill", noTeam: "no team", noShifts: "no planned hours", you: "you",
  roles: { analyst: "Analyst", agent: "Agent", supervisor: "Supervisor", manager: "Manager", admin: "Administrator" },
  days: { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" }, everyDay: "every day", dayTo: (from, to) => `${from} to ${to}`,
  person: {
    fresh: "Add somebody", name: "Name, as visitors see it", email: "E-mail address", password: "First password", role: "Role", team: "Team", maximum: "Conversations at a time", maximumHint: "0: receives nobody.",
    skills: "Skills", skill: "Skill", capFor: (skill) => `Limit for ${skill}`, cap: "at most", capHint: "Without a limit a skill may take all slots.", addSkill: "Add a skill", removeSkill: (skill) => `Remove ${skill}`, badSkill: "Letters, digits and hyphens, 64 at most.",
    shifts: "Planned hours", shiftHint: "Days with planned hours are paid as planned, others as logged in.", start: "From", end: "to", addShift: "Add hours", removeShift: "Remove these hours", save: "Save", create: "Add", cancel: "Cancel", close: "Close",
    saved: (name) => `${name}: saved.`, added: (name) => `${name} is on the team.`, above: "This role is above yours: you can read, not change.", keeps: "What is under way stays with this person.", needName: "The name is missing.", needDays: "Choose at least one day.", sameTimes: "Start and end are the same.",
  },
  access: { left: "has left the team", leftSince: (day) => `left the team on ${day}`, totp: "second factor", noTotp: "no second factor", elsewhere: "This person belongs to another site and is changed there.", noPassword: "Leave it empty: this person chooses it, by a link good for 72 hours. It is mailed, and shown here." },
  problems: { email_taken: "Somebody else has this e-mail address.", name_taken: "Another team has this name.", weak_password: "This password is too weak: at least 10 characters, five of them different, and not the address.", role: "Your role does not allow this change.", email: "This e-mail address is not valid.", shifts: "Some planned hours are not valid.", no_such_team: "This team does not exist any more.", bad_input: "The server refuses one of the values.", other: "Nothing was saved: the server does not answer. Try again." },
  teams: { title: "Teams", name: "Name", kind: "Kind", kinds: { inhouse: "In-house", outsourced: "Outsourced" }, cost: "Cost per hour", people: "People", none: "No team.", noneNext: "The cost per hour of a team gives the cost of its paid hours.", fresh: "New team", change: (name) => `Change team ${name}`, save: "Save", saved: (name) => `Team “${name}” saved.`, badCost: "A number between 0 and 10,000." },
  hours: {
    title: "Paid hours", from: "From", until: "to", last: (days) => `${days} days`, month: "This month", who: "Team or person", paid: "Paid", logged: "Logged in", available: "Available", cost: "Cost", teams: "By team", staff: "By person", total: "Total", unknown: "cost unknown", noTeam: "No team",
    failed: "The hours did not arrive.", badPeriod: "The period goes from a day to a later day, 366 days at most.", none: "No hours in this period.", explain: "A day with planned hours is paid as planned, any other as logged in. Cost: paid hours times the cost per hour of the team.", away: "Absences", hour: "h", perHour: "/h",
    partial: "Without those who have no team: their cost is not known.",
  },
};
