// Goals, contracts and alarms over HTTP.
import { call } from "../api";
import type { Alarm, Contract, Contracts, Goal, Stood } from "./wire";

const id = encodeURIComponent;

export const calls = {
  alarms: () => call<Alarm[]>("GET", "alarms?open=true"),
  seen: (one: string) => call<Alarm>("POST", `alarms/${id(one)}/seen`),
  goals: () => call<Stood[]>("GET", "goals"),
  saveGoal: (one: unknown) => call<Goal>("PUT", "goals", one),
  dropGoal: (one: string) => call<unknown>("DELETE", `goals/${id(one)}`),
  contracts: () => call<Contracts[]>("GET", "contracts"),
  saveContract: (one: unknown) => call<Contract>("POST", "contracts", one),
  state: (contract: string) => call<unknown>("POST", "statements", { contract }),
};
