// The business case, the pilot, the staffing and saved scenarios over HTTP.
import { call } from "../api";
import type { Compared, Input, MeasuredAll, Roi, Saved, Table, Version } from "./wire";

const id = encodeURIComponent;

export const calls = {
  inputs: () => call<Input[]>("GET", "plan/inputs"),
  roi: (scenario: Table) => call<Roi>("POST", "plan/roi", { scenario }),
  measured: () => call<MeasuredAll>("GET", "plan/measured"),
  scenarios: () => call<Version[]>("GET", "plan/scenarios"),
  scenario: (one: string, version = 0) => call<Saved>("GET", `plan/scenarios/${id(one)}?version=${version}`),
  save: (body: { id?: string; version?: number; note: string; scenario: Table }) => call<Saved>("POST", "plan/scenarios", body),
  retire: (one: string) => call<unknown>("DELETE", `plan/scenarios/${id(one)}`),
  compare: (one: string, version: number, days: string) => call<Compared>("GET", `plan/scenarios/${id(one)}/compare?version=${version}${days}`),
  pilot: <T>(body: unknown) => call<T>("POST", "plan/pilot", body),
  arrivals: () => call<{ forecast: { half_hours: { start: string; arrivals: number }[] } }>("GET", "plan/arrivals"),
  staff: <T>(body: unknown) => call<T>("POST", "plan/staff", body),
};
