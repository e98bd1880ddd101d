// The calls of the team's page over HTTP.
import { call } from "../api";
import type { Changes, Hours, Staff, Team } from "./wire";

export const calls = {
  teams: () => call<Team[]>("GET", "teams"),
  saveTeam: (team: Omit<Team, "id"> & { id?: string }) => call<Team>("PUT", "teams", team),
  change: (id: string, changes: Changes) => call<Staff>("PUT", `staff/${encodeURIComponent(id)}`, changes),
  add: (one: Changes & { email: string; password?: string }) => call<Staff>("PUT", "staff", one),
  hours: (since: string, until: string) => call<Hours>("GET", since && until ? `hours?since=${since}&until=${until}` : "hours"),
};
